import type { RotatingSecrets } from '../../ports/rotating-secrets.ts';

interface Version {
  value: string;
  stages: Set<string>;
}

export class MemoryRotatingSecrets implements RotatingSecrets {
  readonly secrets = new Map<string, Map<string, Version>>();

  /** One version, which is current. */
  set(secretId: string, version: string, value: string): void {
    this.secrets.set(secretId, new Map([[version, { value, stages: new Set(['AWSCURRENT']) }]]));
  }

  async stages(secretId: string): Promise<ReadonlyMap<string, readonly string[]>> {
    const versions = this.secrets.get(secretId) ?? new Map<string, Version>();
    const staged = [...versions].filter(([, { stages }]) => stages.size > 0);
    return new Map(staged.map(([version, { stages }]) => [version, [...stages].sort()]));
  }

  async read(
    secretId: string,
    { stage, version }: { stage: 'AWSCURRENT' | 'AWSPENDING'; version?: string },
  ): Promise<string | undefined> {
    const found = [...(this.secrets.get(secretId) ?? [])].find(
      ([id, { stages }]) => stages.has(stage) && (version === undefined || id === version),
    );
    return found?.[1].value;
  }

  async stage(secretId: string, version: string, value: string): Promise<void> {
    const versions = this.secrets.get(secretId);
    if (versions === undefined) throw new Error('there is no such secret');
    for (const { stages } of versions.values()) stages.delete('AWSPENDING');
    versions.set(version, { value, stages: new Set(['AWSPENDING']) });
  }

  async promote(secretId: string, version: string, from: string): Promise<void> {
    const versions = this.secrets.get(secretId);
    const [next, former] = [versions?.get(version), versions?.get(from)];
    if (next === undefined || former?.stages.has('AWSCURRENT') !== true)
      throw new Error('the stage is not where it was said to be');
    for (const { stages } of versions?.values() ?? []) stages.delete('AWSPREVIOUS');
    former.stages.delete('AWSCURRENT');
    former.stages.add('AWSPREVIOUS');
    next.stages.add('AWSCURRENT');
  }
}
