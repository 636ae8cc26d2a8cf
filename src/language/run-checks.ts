/** Every run of a file with what it expects: the tests of the editor's Test Explorer. */
import { type Feature, rangeIn } from './feature.ts';
import type { OpenProgram } from './program-store.ts';
import type { LanguageRequests, RunChecks } from './protocol.ts';

export const runChecks: Feature = {
  name: 'run checks',
  capabilities: {},
  attach: ({ connection, programs, guarded }) => {
    type Request = LanguageRequests['tblock/checks'];
    const answer = ({ uri }: Request['params']): Request['result'] => {
      const program = programs.program(uri);
      return program === undefined ? null : checksIn(program);
    };
    connection.onRequest('tblock/checks', guarded('run checks', [], answer));
  },
};

function checksIn(program: OpenProgram): readonly RunChecks[] {
  const { analysis } = program;
  return analysis.program.runs.map(({ name, source, family, expectationPlaces }) => ({
    name,
    variables: family.map((axis) => axis.name),
    range: rangeIn(program, source),
    checks: expectationPlaces.map((place) => ({
      text: analysis.textOf(place).replace(/\s+/g, ' '),
      start: place.start,
      range: rangeIn(program, place),
    })),
  }));
}
