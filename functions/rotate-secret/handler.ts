/** Rotation of the stage's own secrets, step by step as Secrets Manager calls for it. What it throws makes it try again. */
import * as z from 'zod';
import { ROTATION_STEPS, type RotationRequest } from '../../shared/services/secrets/rotation.ts';

const event = z.object({
  Step: z.enum(ROTATION_STEPS),
  SecretId: z.string().min(1).max(2_048),
  ClientRequestToken: z.string().min(1).max(64),
});

export interface RotateDeps {
  rotate: (request: RotationRequest) => Promise<void>;
  done: (step: string) => void;
}

export const makeHandler =
  ({ rotate, done }: RotateDeps) =>
  async (received: unknown): Promise<void> => {
    const { Step, SecretId, ClientRequestToken } = event.parse(received);
    await rotate({ step: Step, secretId: SecretId, token: ClientRequestToken });
    done(Step);
  };
