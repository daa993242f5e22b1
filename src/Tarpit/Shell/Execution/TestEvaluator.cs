using System.Text.RegularExpressions;
using Blackwall.Tarpit.Shell.Expansion;
using Blackwall.Tarpit.Shell.Syntax;

namespace Blackwall.Tarpit.Shell.Execution;

/// <summary>[[ expression ]]: words are not split, and the right side of "==" is a pattern.</summary>
internal sealed class TestEvaluator(ShellState state, Expander expander, ICommandRunner commands)
{
    /// <summary>0: it holds; 1: it does not; 2: it is wrong.</summary>
    public async ValueTask<int> EvaluateAsync(TestExpression expression, CancellationToken cancellation)
    {
        switch (expression)
        {
            case TestNot not:
                int inner = await EvaluateAsync(not.Inner, cancellation);
                return inner > 1 ? inner : 1 - inner;
            case TestChain chain:
                int result = 0;
                foreach (TestExpression part in chain.Parts)
                {
                    result = await EvaluateAsync(part, cancellation);
                    if (result > 1 || result == 0 != chain.IsAnd)
                    {
                        break;
                    }
                }

                return result;
            case TestWord word:
                return (await expander.TextAsync(word.Word, cancellation)).Length > 0 ? 0 : 1;
            case TestUnary unary:
                string operand = await expander.TextAsync(unary.Operand, cancellation);
                return TestOperators.Unary(unary.Operator[1], operand, state, commands.Streams) ? 0 : 1;
            case TestBinary binary:
                return await CompareAsync(binary, cancellation);
            default:
                return 1;
        }
    }

    private async ValueTask<int> CompareAsync(TestBinary test, CancellationToken cancellation)
    {
        string left = await expander.TextAsync(test.Left, cancellation);
        switch (test.Operator)
        {
            case "=" or "==" or "!=":
                bool fits = Globs.IsMatch(await expander.PatternAsync(test.Right, cancellation), left, state.Has("nocasematch"));
                return fits == test.Operator is not "!=" ? 0 : 1;
            case "=~":
                return Match(left, await expander.RegexAsync(test.Right, cancellation));
        }

        string right = await expander.TextAsync(test.Right, cancellation);
        return test.Operator switch
        {
            "<" => string.CompareOrdinal(left, right) < 0 ? 0 : 1,
            ">" => string.CompareOrdinal(left, right) > 0 ? 0 : 1,
            _ => TestOperators.Files(left, test.Operator, right, state) ?? TestOperators.Numbers(Calculator.Evaluate(left, state), test.Operator, Calculator.Evaluate(right, state)) ? 0 : 1,
        };
    }

    private int Match(string text, string pattern)
    {
        if (pattern is ['*' or '+' or '?' or '{', ..] || Patterns.Compile(Characters.Of(pattern), state.Has("nocasematch")) is not { } regex)
        {
            return 2;
        }

        Match match = regex.Match(Characters.Of(text));
        state.Variables.Remove("BASH_REMATCH");
        ShellArray found = state.Array("BASH_REMATCH");
        for (int i = 0; match.Success && i < match.Groups.Count; i++)
        {
            found.Add(Characters.ToBytes(match.Groups[i].Value));
        }

        return match.Success ? 0 : 1;
    }
}
