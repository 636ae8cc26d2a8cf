/** What of gpu.js's WGSL translator whole-numbers.ts changes; the package declares no types for it. */
declare module 'gpu.js/src/backend/web-gpu/function-node.js' {
  /** An acorn node, as far as expressions and declarations are looked at. */
  export interface SyntaxNode {
    readonly type: string;
    readonly operator?: string;
    readonly left?: SyntaxNode;
    readonly right?: SyntaxNode;
    readonly consequent?: SyntaxNode;
    readonly alternate?: SyntaxNode;
    readonly callee?: SyntaxNode;
    readonly arguments?: readonly SyntaxNode[];
    readonly object?: SyntaxNode;
    readonly property?: SyntaxNode;
    readonly computed?: boolean;
    readonly name?: string;
    readonly value?: unknown;
    readonly declarations?: readonly SyntaxNode[];
    readonly id?: SyntaxNode;
    readonly init?: SyntaxNode | null;
  }

  export interface VariableInfo {
    valueType: string | null;
  }

  export interface Translator {
    readonly argumentNames: readonly string[];
    readonly argumentTypes: readonly string[];
    getType(node: SyntaxNode): string | null;
    getDeclaration(identifier: SyntaxNode): VariableInfo | null;
    traceFunctionAST(root: SyntaxNode): void;
    pushState(state: string): void;
    popState(state: string): void;
    castLiteralToInteger(node: SyntaxNode, output: string[]): string[];
    astGeneric(node: SyntaxNode, output: string[]): string[];
    astVariableDeclaration(node: SyntaxNode, output: string[]): string[];
    astBinaryExpression(node: SyntaxNode, output: string[]): string[];
    astCallExpression(node: SyntaxNode, output: string[]): string[];
    astMemberExpression(node: SyntaxNode, output: string[]): string[];
  }

  export const WGSLFunctionNode: { readonly prototype: Translator };
}
