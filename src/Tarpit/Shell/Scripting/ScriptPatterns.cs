using System.Text;
using System.Text.RegularExpressions;

namespace Blackwall.Tarpit.Shell.Scripting;

/// <summary>m//, s/// and tr///. Patterns run with a limit of time.</summary>
internal sealed class ScriptPatterns(ScriptMachine machine)
{
    private const int Largest = 4 << 20;
    private static readonly TimeSpan s_limit = TimeSpan.FromMilliseconds(200);

    /// <summary>A pattern with its flags.</summary>
    public Regex Pattern(string text, string flags, int line)
    {
        try
        {
            return new Regex(text.Replace("\\z", "\\z", StringComparison.Ordinal).Replace("\\Z", "\\Z", StringComparison.Ordinal), RegexOptions.CultureInvariant | (flags.Contains('i', StringComparison.Ordinal) ? RegexOptions.IgnoreCase : RegexOptions.None) | (flags.Contains('s', StringComparison.Ordinal) ? RegexOptions.Singleline : RegexOptions.None) | (flags.Contains('m', StringComparison.Ordinal) ? RegexOptions.Multiline : RegexOptions.None) | (flags.Contains('x', StringComparison.Ordinal) ? RegexOptions.IgnorePatternWhitespace : RegexOptions.None), s_limit);
        }
        catch (RegexParseException e)
        {
            int at = Math.Clamp(e.Offset, 0, text.Length);
            throw machine.Die($"{(e.Error is RegexParseError.InsufficientClosingParentheses ? "Unmatched (" : e.Error is RegexParseError.UnterminatedBracket ? "Unmatched [" : e.Error is RegexParseError.InsufficientOpeningParentheses ? "Unmatched )" : "Quantifier follows nothing")} in regex; marked by <-- HERE in m/{text[..at]} <-- HERE {text[at..]}/", line);
        }
    }

    public async ValueTask<object?> MatchAsync(Matching node)
    {
        ScriptNode subject = await SubjectAsync(node.Subject, node.Line);
        string text = machine.Text(await machine.EvaluateAsync(subject));
        Regex pattern = Pattern(machine.Text(await machine.EvaluateAsync(node.Pattern)), node.Flags, node.Line);
        machine.Call.State.Budget.Charge(1 + (text.Length / 2000));
        if (node.Replacement is null)
        {
            if (node.Flags.Contains('g', StringComparison.Ordinal) && !node.IsNegated)
            {
                ListResult all = [.. pattern.Matches(text).SelectMany(match => match.Groups.Count > 1 ? match.Groups.Values.Skip(1).Select(group => (object?)group.Value) : [match.Value])];
                machine.Reserve(all.Count * 64L);
                return all;
            }

            Match found = pattern.Match(text);
            Remember(found);
            return found.Success == node.IsNegated ? "" : found.Groups.Count > 1 && !node.IsNegated ? new ListResult(found.Groups.Values.Skip(1).Select(group => group.Success ? (object?)group.Value : null)) : 1.0;
        }

        StringBuilder changed = new();
        int at = 0, count = 0;
        foreach (Match match in node.Flags.Contains('g', StringComparison.Ordinal) ? pattern.Matches(text) : pattern.Matches(text).Take(1))
        {
            Remember(match);
            changed.Append(text, at, match.Index - at).Append(machine.Text(await machine.EvaluateAsync(node.Replacement)));
            machine.Reserve(changed.Length > Largest ? long.MaxValue : 16);
            at = match.Index + match.Length;
            count++;
        }

        changed.Append(text, at, text.Length - at);
        if (node.Flags.Contains('r', StringComparison.Ordinal))
        {
            return changed.ToString();
        }

        await (count > 0 ? machine.SetAsync(subject, changed.ToString()) : ValueTask.CompletedTask);
        return (double)count;
    }

    // ($copy = $text) =~ s/x/y/ changes the copy.
    private async ValueTask<ScriptNode> SubjectAsync(ScriptNode? subject, int line)
    {
        if (subject is Items { Values: [Storing copy] })
        {
            await machine.EvaluateAsync(copy);
            return copy.Target;
        }

        return subject ?? new VariableUse("$_", line);
    }

    private void Remember(Match match)
    {
        if (match.Success)
        {
            machine.Variables["$&"] = match.Value;
            for (int n = 1; n < 10; n++)
            {
                machine.Variables[$"${n}"] = match.Groups[n].Success ? match.Groups[n].Value : null;
            }
        }
    }

    public async ValueTask<object?> TransliterateAsync(Transliterating node)
    {
        ScriptNode subject = await SubjectAsync(node.Subject, node.Line);
        string text = machine.Text(await machine.EvaluateAsync(subject)), from = Range(node.From), to = Range(node.To);
        int count = 0;
        string changed = string.Concat(text.Select(c =>
        {
            int at = from.IndexOf(c, StringComparison.Ordinal);
            count += at >= 0 ? 1 : 0;
            return at < 0 ? c.ToString() : to.Length == 0 ? node.Flags.Contains('d', StringComparison.Ordinal) ? "" : c.ToString() : at < to.Length ? to[at].ToString() : node.Flags.Contains('d', StringComparison.Ordinal) ? "" : to[^1].ToString();
        }));
        await (string.Equals(changed, text, StringComparison.Ordinal) ? ValueTask.CompletedTask : machine.SetAsync(subject, changed));
        return (double)count;
    }

    private static string Range(string text)
    {
        StringBuilder all = new();
        text = text.Replace("\\n", "\n", StringComparison.Ordinal).Replace("\\t", "\t", StringComparison.Ordinal).Replace("\\r", "\r", StringComparison.Ordinal).Replace("\\\\", "\\", StringComparison.Ordinal);
        for (int at = 0; at < text.Length && all.Length < 512; at++)
        {
            if (at + 2 < text.Length && text[at + 1] == '-')
            {
                for (char c = text[at]; c <= text[at + 2] && c < 256; c++)
                {
                    all.Append(c);
                }

                at += 2;
            }
            else
            {
                all.Append(text[at]);
            }
        }

        return all.ToString();
    }
}
