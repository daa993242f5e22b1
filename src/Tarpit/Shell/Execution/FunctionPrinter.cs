using System.Text;
using Blackwall.Tarpit.Shell.Syntax;

namespace Blackwall.Tarpit.Shell.Execution;

/// <summary>Functions as declare -f prints them.</summary>
internal static class FunctionPrinter
{
    public static string Print(Function function)
    {
        StringBuilder text = new();
        text.Append(function.Name).Append(" () \n");
        AppendBody(text, function.Body, 0);
        return text.Append('\n').ToString();
    }

    /// <summary>A command on one line, as jobs prints it.</summary>
    public static string Line(Command command)
    {
        const int longest = 4096;
        StringBuilder text = new();
        Append(text, command, 0);
        return string.Join(' ', text.ToString(0, Math.Min(text.Length, longest)).Split('\n').Select((part, n) => n == 0 ? part : part.TrimStart(' ')));
    }

    private static void AppendBody(StringBuilder text, Command body, int indent)
    {
        if (body is Group { IsSubshell: false } group)
        {
            text.Append("{ \n");
            AppendIndented(text, group.Body, indent + 4);
            text.Append('\n').Append(' ', indent).Append('}');
        }
        else if (body is Redirected { Body: Group { IsSubshell: false } inner } redirected)
        {
            AppendBody(text, inner, indent);
            AppendRedirections(text, redirected.Redirections);
        }
        else
        {
            text.Append("{ \n");
            AppendIndented(text, body, indent + 4);
            text.Append('\n').Append(' ', indent).Append('}');
        }
    }

    // The texts of the here-documents of a command, for behind its line.
    private static string Documents(Command command) => command switch
    {
        SimpleCommand simple => Documents(simple.Redirections),
        Redirected redirected => Documents(redirected.Redirections),
        Pipeline pipeline => Documents(pipeline.Stages[^1]),
        Conditional conditional => Documents(conditional.Right),
        _ => "",
    };

    private static string Documents(IReadOnlyList<Redirection> redirections) =>
        string.Concat(redirections.Where(redirection => redirection.Operator is "<<").Select(redirection => $"{redirection.Target.Text}{redirection.Delimiter.TrimStart('-').Trim('\'')}\n"));

    private static void AppendIndented(StringBuilder text, Command command, int indent)
    {
        text.Append(' ', indent);
        Append(text, command, indent);
    }

    private static void Append(StringBuilder text, Command command, int indent)
    {
        switch (command)
        {
            case Sequence sequence:
                for (int i = 0; i < sequence.Commands.Count; i++)
                {
                    (Command part, string? background) = sequence.Commands[i];
                    Append(text, part, indent);
                    bool isLast = i == sequence.Commands.Count - 1;
                    if (background is not null)
                    {
                        text.Append(isLast ? " &" : " & ");
                    }
                    else if (Documents(part) is { Length: > 0 } documents)
                    {
                        text.Append('\n').Append(documents).Append(isLast ? "" : "\n").Append(' ', isLast ? 0 : indent);
                    }
                    else if (part is Pipeline { Stages: var stages } && stages.Any(stage => Documents(stage).Length > 0))
                    {
                        text.Append(isLast ? "" : "\n").Append(' ', isLast ? 0 : indent);
                    }
                    else if (!isLast)
                    {
                        text.Append(";\n").Append(' ', indent);
                    }
                }

                break;
            case SimpleCommand simple:
                text.AppendJoin(' ', simple.Assignments.Select(assignment => assignment.Source.Text).Concat(simple.Words.Select(word => word.Text)));
                AppendRedirections(text, simple.Redirections, isFirst: simple.Assignments.Count + simple.Words.Count == 0);
                break;
            case Pipeline pipeline:
                text.Append(pipeline.IsTimed ? pipeline.IsPortable ? "time -p " : "time " : "").Append(pipeline.IsNegated ? "! " : "");
                for (int i = 0; i < pipeline.Stages.Count; i++)
                {
                    string before = i > 0 ? Documents(pipeline.Stages[i - 1]) : "";
                    text.Append(i == 0 ? "" : before.Length > 0 ? $" |\n{before}  " : " | ");
                    Append(text, pipeline.Stages[i], indent);
                }

                break;
            case Conditional conditional:
                Append(text, conditional.Left, indent);
                text.Append(conditional.IsAnd ? " && " : " || ");
                Append(text, conditional.Right, indent);
                break;
            case Group { IsSubshell: true } subshell:
                text.Append("( ");
                Append(text, subshell.Body, indent);
                text.Append(" )");
                break;
            case Group group:
                AppendBody(text, group, indent);
                break;
            case Redirected redirected:
                Append(text, redirected.Body, indent);
                AppendRedirections(text, redirected.Redirections);
                break;
            case Choice choice:
                AppendChoice(text, choice, 0, indent);
                break;
            case Loop loop:
                text.Append(loop.IsUntil ? "until " : "while ");
                Append(text, loop.Condition, indent);
                AppendDo(text, loop.Body, indent, "; ");
                break;
            case Iteration iteration:
                text.Append(iteration.IsMenu ? "select " : "for ").Append(iteration.Variable).Append(" in ").AppendJoin(' ', iteration.Words?.Select(word => word.Text) ?? ["\"$@\""]).Append(";\n").Append(' ', indent);
                AppendDo(text, iteration.Body, indent, "");
                break;
            case Counting counting:
                text.Append("for ((").Append(counting.Before.Text.Trim()).Append("; ").Append(counting.Condition.Text.Trim()).Append("; ").Append(counting.After.Text.Trim()).Append("))\n").Append(' ', indent);
                AppendDo(text, counting.Body, indent, "");
                break;
            case Selection selection:
                text.Append("case ").Append(selection.Word.Text).Append(" in ");
                foreach ((IReadOnlyList<Word> patterns, Command body, string end) in selection.Cases)
                {
                    text.Append('\n').Append(' ', indent + 4).AppendJoin(" | ", patterns.Select(pattern => pattern.Text)).Append(")\n");
                    AppendIndented(text, body, indent + 8);
                    text.Append('\n').Append(' ', indent + 4).Append(end);
                }

                text.Append('\n').Append(' ', indent).Append("esac");
                break;
            case Arithmetic arithmetic:
                text.Append(arithmetic.Source);
                break;
            case Test test:
                text.Append("[[ ");
                AppendTest(text, test.Expression);
                text.Append(" ]]");
                break;
            case Function function:
                text.Append("function ").Append(function.Name).Append(" () \n").Append(' ', indent);
                AppendBody(text, function.Body, indent);
                break;
        }
    }

    private static void AppendChoice(StringBuilder text, Choice choice, int branch, int indent)
    {
        (Command condition, Command body) = choice.Branches[branch];
        text.Append("if ");
        Append(text, condition, indent);
        text.Append("; then\n");
        AppendIndented(text, body, indent + 4);
        text.Append(";\n").Append(' ', indent);
        if (branch + 1 < choice.Branches.Count)
        {
            text.Append("else\n").Append(' ', indent + 4);
            AppendChoice(text, choice, branch + 1, indent + 4);
            text.Append(";\n").Append(' ', indent);
        }
        else if (choice.Otherwise is { } otherwise)
        {
            text.Append("else\n");
            AppendIndented(text, otherwise, indent + 4);
            text.Append(";\n").Append(' ', indent);
        }

        text.Append("fi");
    }

    private static void AppendDo(StringBuilder text, Command body, int indent, string before)
    {
        text.Append(before).Append("do\n");
        AppendIndented(text, body is Group group ? group.Body : body, indent + 4);
        text.Append(";\n").Append(' ', indent).Append("done");
    }

    private static void AppendTest(StringBuilder text, TestExpression expression)
    {
        switch (expression)
        {
            case TestNot not:
                text.Append("! ");
                AppendTest(text, not.Inner);
                break;
            case TestChain chain:
                for (int i = 0; i < chain.Parts.Count; i++)
                {
                    text.Append(i == 0 ? "" : chain.IsAnd ? " && " : " || ");
                    AppendTest(text, chain.Parts[i]);
                }

                break;
            case TestUnary unary:
                text.Append(unary.Operator).Append(' ').Append(unary.Operand.Text);
                break;
            case TestBinary binary:
                text.Append(binary.Left.Text).Append(' ').Append(binary.Operator).Append(' ').Append(binary.Right.Text);
                break;
            case TestWord word:
                text.Append("-n ").Append(word.Word.Text);
                break;
        }
    }

    private static void AppendRedirections(StringBuilder text, IReadOnlyList<Redirection> redirections, bool isFirst = false)
    {
        foreach (Redirection redirection in redirections)
        {
            text.Append(isFirst ? "" : " ");
            isFirst = false;
            bool isDefault = redirection.Descriptor == (redirection.Operator[0] == '<' ? 0 : 1) && redirection.Operator is not (">&" or "<&");
            text.Append(redirection.Descriptor == -1 ? "&" : redirection.Variable is { } name ? $"{{{name}}}" : isDefault ? "" : FormattableString.Invariant($"{redirection.Descriptor}"));
            text.Append(redirection.Operator).Append(redirection.Operator is ">&" or "<&" ? "" : redirection.Operator is "<<" ? "" : " ").Append(redirection.Operator is "<<" ? redirection.Delimiter : redirection.Target.Text);
        }
    }
}
