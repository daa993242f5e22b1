namespace Blackwall.Tarpit.Shell.Syntax;

/// <summary>What stands in [[ ]].</summary>
internal abstract record TestExpression;

internal sealed record TestNot(TestExpression Inner) : TestExpression;

/// <summary>Expressions with "&amp;&amp;" or "||" between them; as a list, so that a long chain is not deep.</summary>
internal sealed record TestChain(IReadOnlyList<TestExpression> Parts, bool IsAnd) : TestExpression;

/// <summary>-f word.</summary>
internal sealed record TestUnary(string Operator, Word Operand) : TestExpression;

/// <summary>word == pattern.</summary>
internal sealed record TestBinary(Word Left, string Operator, Word Right) : TestExpression;

/// <summary>A word alone: it is not empty.</summary>
internal sealed record TestWord(Word Word) : TestExpression;
