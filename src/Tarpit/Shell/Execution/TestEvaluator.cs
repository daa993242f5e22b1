using System.Text.RegularExpressions;
using Blackwall.Tarpit.Shell.Expansion;
using Blackwall.Tarpit.Shell.Syntax;

namespace Blackwall.Tarpit.Shell.Execution;

/// <summary>[[ expression ]]: words are not split, and the right side of "==" is a pattern.</summary>
internal sealed class TestEvaluator(ShellState state, Expander expander, Tracer tracer, ICommandRunner commands)
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
                string text = await expander.TextAsync(word.Word, cancellation);
                await TraceAsync($"-n {Shown(text)}", cancellation);
                return text.Length > 0 ? 0 : 1;
            case TestUnary unary:
                string operand = await expander.TextAsync(unary.Operand, cancellation);
                await TraceAsync($"{unary.Operator} {Shown(operand)}", cancellation);
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
                string pattern = await expander.PatternAsync(test.Right, cancellation);
                await TraceAsync($"{Shown(left)} {test.Operator} {(pattern.Length == 0 ? "''" : pattern)}", cancellation);
                bool fits = Globs.IsMatch(pattern, left, state.Has("nocasematch"));
                return fits == test.Operator is not "!=" ? 0 : 1;
            case "=~":
                string regex = await expander.RegexAsync(test.Right, cancellation);
                await TraceAsync($"{Shown(left)} =~ {regex}", cancellation);
                return Match(left, regex);
        }

        string right = await expander.TextAsync(test.Right, cancellation);
        await TraceAsync($"{Shown(left)} {test.Operator} {Shown(right)}", cancellation);
        switch (test.Operator)
        {
            case "<" or ">":
                return string.CompareOrdinal(left, right) < 0 == test.Operator is "<" && !string.Equals(left, right, StringComparison.Ordinal) ? 0 : 1;
            case "-nt" or "-ot" or "-ef":
                return TestOperators.Files(left, test.Operator, right, state) is true ? 0 : 1;
        }

        try
        {
            return TestOperators.Numbers(Calculator.Evaluate(left, state), test.Operator, Calculator.Evaluate(right, state)) ? 0 : 1;
        }
        catch (ShellErrorException e) when (e.IsArithmetic && e.Exits is null)
        {
            await expander.WarnAsync($"[[: {e.Message}", cancellation);
            return 1;
        }
    }

    private static string Shown(string text) => text.Length == 0 ? "''" : Quoting.IfNeeded(text);

    // set -x shows each condition as it is looked at.
    private ValueTask TraceAsync(string condition, CancellationToken cancellation) =>
        tracer.WriteAsync($"[[ {condition} ]]", cancellation);

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
