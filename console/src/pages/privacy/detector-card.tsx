import { useQuery, useQueryClient } from '@tanstack/react-query';
import { body } from '../../api/client.ts';
import { useApi, useMay } from '../../app/session.tsx';
import { Badge } from '../../ui/badge.tsx';
import { Card } from '../../ui/card.tsx';
import { Confirm } from '../../ui/dialog.tsx';
import { Loaded } from '../../ui/state.tsx';
import { Table } from '../../ui/table.tsx';
import { useToast } from '../../ui/toasts.tsx';

const DETECTORS = [
  ['rules', 'Patterns: addresses, numbers, keys and the like, at once'],
  ['shadow', 'Patterns decide; the model looks too, and only its findings’ counts are kept'],
  ['hybrid', 'Patterns and the model for names, places and what no pattern knows'],
] as const;

export const DetectorCard = () => {
  const api = useApi();
  const queries = useQueryClient();
  const toast = useToast();
  const mayWrite = useMay('flags:write');
  const flags = useQuery({
    queryKey: ['flags'],
    queryFn: ({ signal }) => body(api.GET('/admin/flags', { signal })),
  });
  const choose = async (detector: 'rules' | 'shadow' | 'hybrid'): Promise<void> => {
    await api.PUT('/admin/flags', { body: { pii: { detector } } });
    await queries.invalidateQueries({ queryKey: ['flags'] });
    toast('Detector changed', 'It holds everywhere within 30 s.');
  };
  return (
    <Card title="Detector" note="for the whole stage" flush>
      <Loaded query={flags} what="Reading flags">
        {({ pii }) => (
          <Table label="Detectors" columns={['Detector', 'What looks', { unseen: 'Choose' }]}>
            {DETECTORS.map(([name, meaning]) => (
              <tr key={name}>
                <th scope="row">{name}</th>
                <td className="muted">{meaning}</td>
                <td className="right">
                  {pii.detector === name ? (
                    <Badge tone="good">in force</Badge>
                  ) : (
                    mayWrite && (
                      <Confirm
                        small
                        label="Use"
                        description={`Use the detector ${name}`}
                        title={`Use the detector “${name}”?`}
                        consequence={`From then on: ${meaning.toLowerCase()}. It holds for every tenant, everywhere within 30 seconds.`}
                        act={() => choose(name)}
                      />
                    )
                  )}
                </td>
              </tr>
            ))}
          </Table>
        )}
      </Loaded>
    </Card>
  );
};
