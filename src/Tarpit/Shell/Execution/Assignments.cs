using System.Globalization;
using Blackwall.Tarpit.Shell.Expansion;
using Blackwall.Tarpit.Shell.Syntax;

namespace Blackwall.Tarpit.Shell.Execution;

/// <summary>Assignments to variables, elements and arrays, alone and as words of declare and its kin (bash(1), PARAMETERS).</summary>
internal sealed class Assignments(ShellState state, Expander expander)
{
    private static readonly HashSet<string> Declarers = new(StringComparer.Ordinal) { "declare", "typeset", "local", "export", "readonly" };

    /// <summary>Whether the words of a command are assignments, which are not split.</summary>
    public static bool Declares(IReadOnlyList<string> words) => words.Count > 1 && Declarers.Contains(words[0]);

    public static string NameOf(string assignment)
    {
        int end = QuoteScanner.FindNameEnd(assignment, 0);
        return assignment[..end];
    }

    /// <summary>Makes the assignments among the words of declare, and returns the words with their values for the builtin.</summary>
    public async ValueTask<IReadOnlyList<string>> DeclareAsync(IReadOnlyList<string> words, CancellationToken cancellation)
    {
        List<string> left = [];
        string options = "";
        foreach (string word in words.Skip(1))
        {
            string name = NameOf(word);
            if (word.StartsWith('-') || word.StartsWith('+'))
            {
                options += word;
                left.Add(word);
            }
            else if (name.Length > 0 && word.Length > name.Length && word[name.Length] is '=' or '+' or '[')
            {
                Prepare(words[0], options, name);
                await MakeAsync(word, cancellation);
                left.Add(name);
            }
            else
            {
                foreach (string expanded in await expander.WordsAsync([word], cancellation))
                {
                    Prepare(words[0], options, NameOf(expanded));
                    if (expanded.IndexOf('=', StringComparison.Ordinal) is > 0 and var equals)
                    {
                        state.Set(expanded[..equals], expanded[(equals + 1)..]);
                    }

                    left.Add(NameOf(expanded) is { Length: > 0 } found ? found : expanded);
                }
            }
        }

        return left;
    }

    /// <summary>name=value, name+=value, name[index]=value or name=( ... ).</summary>
    public async ValueTask MakeAsync(string assignment, CancellationToken cancellation)
    {
        string name = NameOf(assignment), rest = assignment[name.Length..];
        string? subscript = null;
        if (rest.StartsWith('['))
        {
            int close = rest.IndexOf(']', StringComparison.Ordinal);
            subscript = rest[1..close];
            rest = rest[(close + 1)..];
        }

        bool appends = rest.StartsWith('+');
        string right = rest[(appends ? 2 : 1)..];
        if (subscript is null && right.StartsWith('(') && right.EndsWith(')'))
        {
            await FillAsync(name, right[1..^1], appends, cancellation);
            return;
        }

        string value = await expander.TextAsync(right, cancellation);
        if (subscript is not null)
        {
            ShellArray array = state.Array(name);
            string key = await KeyAsync(array, subscript, cancellation);
            array.Set(key, Computed(name, appends, array.Get(key) ?? "", value));
            return;
        }

        state.Set(name, Computed(name, appends, state.Get(name), value));
    }

    private string Computed(string name, bool appends, string before, string value) =>
        !state.Integers.Contains(name) ? (appends ? before + value : value)
        : (Calculator.Evaluate(value, state) + (appends ? Calculator.Evaluate(before, state) : 0)).ToString(CultureInfo.InvariantCulture);

    private async ValueTask FillAsync(string name, string elements, bool appends, CancellationToken cancellation)
    {
        // Expanded before the array is emptied: its own elements may be among them.
        List<(string? Key, string Value)> filled = [];
        ShellArray? known = state.Arrays.GetValueOrDefault(name);
        foreach (string word in Words(elements))
        {
            if (word.StartsWith('[') && word.IndexOf("]=", StringComparison.Ordinal) is > 0 and var close)
            {
                string key = known is { IsAssociative: true } ? await expander.TextAsync(word[1..close], cancellation) : Calculator.Evaluate(await expander.TextAsync(word[1..close], cancellation), state).ToString(CultureInfo.InvariantCulture);
                filled.Add((key, await expander.TextAsync(word[(close + 2)..], cancellation)));
            }
            else
            {
                filled.AddRange((await expander.WordsAsync([word], cancellation)).Select(value => ((string?)null, value)));
            }
        }

        if (!appends)
        {
            state.Variables.Remove(name);
        }

        ShellArray array = state.Array(name);
        if (!appends)
        {
            array.Clear();
        }

        long next = array.Next;
        foreach ((string? key, string value) in filled)
        {
            string at = key ?? next.ToString(CultureInfo.InvariantCulture);
            array.Set(at, value);
            next = long.TryParse(at, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number) ? number + 1 : next;
        }
    }

    private async ValueTask<string> KeyAsync(ShellArray array, string subscript, CancellationToken cancellation)
    {
        string text = await expander.TextAsync(subscript, cancellation);
        return array.IsAssociative ? text : Calculator.Evaluate(text, state).ToString(CultureInfo.InvariantCulture);
    }

    private void Prepare(string declarer, string options, string name)
    {
        if (name.Length == 0)
        {
            return;
        }

        if (declarer is "local" || (declarer is "declare" or "typeset" && !options.Contains('g', StringComparison.Ordinal)))
        {
            state.MakeLocal(name);
        }

        if (options.Contains('i', StringComparison.Ordinal))
        {
            state.Integers.Add(name);
        }

        if (options.Contains('A', StringComparison.Ordinal) || options.Contains('a', StringComparison.Ordinal))
        {
            _ = state.Array(name, isAssociative: options.Contains('A', StringComparison.Ordinal));
        }
    }

    private static List<string> Words(string elements)
    {
        Lexer lexer = new(elements);
        List<string> words = [];
        for (lexer.SkipLines(); !lexer.Source.IsAtEnd; lexer.SkipLines())
        {
            if (lexer.ReadWord() is { } word)
            {
                words.Add(word);
            }
            else
            {
                lexer.Source.Position++;
            }
        }

        return words;
    }
}
