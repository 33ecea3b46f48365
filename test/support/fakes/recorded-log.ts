import type { AppError } from '../../../shared/errors/app-error.ts';
import type { RequestScope } from '../../../shared/middleware/scope.ts';
import type { RequestLog } from '../../../shared/observability/request-log.ts';

export class RecordedLog implements RequestLog {
  readonly endings: { scope: RequestScope; status: number; durationMs: number }[] = [];
  readonly failures: AppError[] = [];

  began(): void {}

  ended(scope: RequestScope, status: number, durationMs: number): void {
    this.endings.push({ scope, status, durationMs });
  }

  failed(_scope: RequestScope, error: AppError): void {
    this.failures.push(error);
  }
}
