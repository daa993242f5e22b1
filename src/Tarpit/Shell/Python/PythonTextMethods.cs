using System.Globalization;
using System.Numerics;
using System.Text;

namespace Blackwall.Tarpit.Shell.Python;

/// <summary>Methods of str.</summary>
internal static class PythonTextMethods
{
    public static IReadOnlyDictionary<string, NativeBody> All { get; } = new Dictionary<string, NativeBody>(StringComparer.Ordinal)
    {
        ["upper"] = Of((text, a) => text.ToUpperInvariant()),
        ["lower"] = Of((text, a) => text.ToLowerInvariant()),
        ["casefold"] = Of((text, a) => text.ToLowerInvariant()),
        ["title"] = Of((text, a) => CultureInfo.InvariantCulture.TextInfo.ToTitleCase(text.ToLowerInvariant())),
        ["capitalize"] = Of((text, a) => text.Length == 0 ? "" : char.ToUpperInvariant(text[0]) + text[1..].ToLowerInvariant()),
        ["swapcase"] = Of((text, a) => string.Concat(text.Select(c => char.IsUpper(c) ? char.ToLowerInvariant(c) : char.ToUpperInvariant(c)))),
        ["strip"] = Of((text, a) => Strip(text, a, start: true, end: true)),
        ["lstrip"] = Of((text, a) => Strip(text, a, start: true, end: false)),
        ["rstrip"] = Of((text, a) => Strip(text, a, start: false, end: true)),
        ["split"] = Of((text, a) => Split(text, a, fromEnd: false)),
        ["rsplit"] = Of((text, a) => Split(text, a, fromEnd: true)),
        ["splitlines"] = Of((text, a) => Lines(text, PythonOperators.IsTrue(a.Get(1, "keepends")))),
        ["join"] = JoinAsync,
        ["replace"] = Of((text, a) => Replace(text, a.Text(1), a.Text(2), a.Whole(3, "count", -1))),
        ["startswith"] = Of((text, a) => Any(a.Need(1), part => text.StartsWith(part, StringComparison.Ordinal))),
        ["endswith"] = Of((text, a) => Any(a.Need(1), part => text.EndsWith(part, StringComparison.Ordinal))),
        ["find"] = Of((text, a) => (BigInteger)Find(text, a, last: false)),
        ["rfind"] = Of((text, a) => (BigInteger)Find(text, a, last: true)),
        ["index"] = Of((text, a) => Find(text, a, last: false) is >= 0 and var at ? (BigInteger)at : throw PythonErrors.Value("substring not found")),
        ["rindex"] = Of((text, a) => Find(text, a, last: true) is >= 0 and var at ? (BigInteger)at : throw PythonErrors.Value("substring not found")),
        ["count"] = Of((text, a) => (BigInteger)(a.Text(1).Length == 0 ? text.Length + 1 : (text.Length - text.Replace(a.Text(1), "", StringComparison.Ordinal).Length) / a.Text(1).Length)),
        ["encode"] = Of((text, a) => PythonEncoding.Encode(text, a.Has(1, "encoding") ? a.Text(1, "encoding") : "utf-8", a.Has(2, "errors") ? a.Text(2, "errors") : "strict")),
        ["format"] = FormatAsync,
        ["format_map"] = Of((text, a) => throw PythonErrors.New("KeyError", "")),
        ["zfill"] = Of((text, a) => text is ['-' or '+', ..] ? text[0] + text[1..].PadLeft(Width(a) - 1, '0') : text.PadLeft(Width(a), '0')),
        ["ljust"] = Of((text, a) => text.PadRight(Width(a), Fill(a))),
        ["rjust"] = Of((text, a) => text.PadLeft(Width(a), Fill(a))),
        ["center"] = Of((text, a) => text.PadLeft(text.Length + Math.Max(0, (Width(a) - text.Length) / 2), Fill(a)).PadRight(Width(a), Fill(a))),
        ["isdigit"] = Of((text, a) => text.Length > 0 && text.All(char.IsDigit)),
        ["isnumeric"] = Of((text, a) => text.Length > 0 && text.All(char.IsNumber)),
        ["isdecimal"] = Of((text, a) => text.Length > 0 && text.All(char.IsDigit)),
        ["isalpha"] = Of((text, a) => text.Length > 0 && text.All(char.IsLetter)),
        ["isalnum"] = Of((text, a) => text.Length > 0 && text.All(char.IsLetterOrDigit)),
        ["isspace"] = Of((text, a) => text.Length > 0 && text.All(char.IsWhiteSpace)),
        ["isupper"] = Of((text, a) => text.Any(char.IsUpper) && !text.Any(char.IsLower)),
        ["islower"] = Of((text, a) => text.Any(char.IsLower) && !text.Any(char.IsUpper)),
        ["isascii"] = Of((text, a) => text.All(char.IsAscii)),
        ["isidentifier"] = Of((text, a) => text.Length > 0 && !char.IsDigit(text[0]) && text.All(c => c == '_' || char.IsLetterOrDigit(c))),
        ["isprintable"] = Of((text, a) => !text.Any(char.IsControl)),
        ["partition"] = Of((text, a) => Partition(text, a.Text(1), text.IndexOf(a.Text(1), StringComparison.Ordinal), fromEnd: false)),
        ["rpartition"] = Of((text, a) => Partition(text, a.Text(1), text.LastIndexOf(a.Text(1), StringComparison.Ordinal), fromEnd: true)),
        ["removeprefix"] = Of((text, a) => text.StartsWith(a.Text(1), StringComparison.Ordinal) ? text[a.Text(1).Length..] : text),
        ["removesuffix"] = Of((text, a) => a.Text(1).Length > 0 && text.EndsWith(a.Text(1), StringComparison.Ordinal) ? text[..^a.Text(1).Length] : text),
        ["expandtabs"] = Of((text, a) => Expand(text, (int)Math.Clamp(a.Whole(1, "tabsize", 8), 0, 100))),
        ["translate"] = Of((text, a) => Translate(text, a.Need(1) as PythonDictionary ?? throw PythonErrors.Type("'int' object is not subscriptable"))),
        ["maketrans"] = (machine, a) => new(Table(a)),
        ["__len__"] = Of((text, a) => (BigInteger)text.Length),
        ["__str__"] = Of((text, a) => text),
    };

    private static NativeBody Of(Func<string, CallArguments, object?> body) => (machine, a) =>
    {
        string text = a.Values[0] as string ?? throw PythonErrors.Type($"descriptor '{a.Name}' for 'str' objects doesn't apply to a '{PythonText.TypeName(a.Values[0])}' object");
        machine.Reserve(text.Length * 2L);
        object? result = body(text, a);
        machine.Reserve(result switch { string made => made.Length * 2L, PythonList list => list.Count * 48L, _ => 0 });
        return new ValueTask<object?>(result);
    };

    private static string Expand(string text, int size)
    {
        StringBuilder wide = new();
        int column = 0;
        foreach (char c in text)
        {
            int room = c == '\t' && size > 0 ? size - (column % size) : c == '\t' ? 0 : 1;
            wide.Append(c == '\t' ? new string(' ', room) : c.ToString());
            column = c is '\n' or '\r' ? 0 : column + room;
        }

        return wide.ToString();
    }

    private static int Width(CallArguments a) => a.Whole(1) is < 1 << 20 and var width ? (int)Math.Max(0, width) : throw PythonErrors.Memory();

    private static char Fill(CallArguments a) => a.Has(2) ? a.Text(2) is [var fill] ? fill : throw PythonErrors.Type("The fill character must be exactly one character long") : ' ';

    public static bool Any(object? parts, Func<string, bool> holds) => parts is PythonTuple tuple ? tuple.Items.OfType<string>().Any(holds) : parts is string part ? holds(part) : throw PythonErrors.Type($"startswith first arg must be str or a tuple of str, not {PythonText.TypeName(parts)}");

    public static string Strip(string text, CallArguments a, bool start, bool end)
    {
        char[]? letters = a.Get(1) is null ? null : a.Text(1).ToCharArray();
        text = !start ? text : letters is null ? text.TrimStart() : text.TrimStart(letters);
        return !end ? text : letters is null ? text.TrimEnd() : text.TrimEnd(letters);
    }

    private static PythonList Split(string text, CallArguments a, bool fromEnd)
    {
        string? mark = a.Get(1, "sep") is null ? null : a.Text(1, "sep");
        long most = a.Whole(2, "maxsplit", -1);
        return new PythonList(Split(text, mark, most < 0 ? int.MaxValue : (int)Math.Min(most, int.MaxValue), fromEnd));
    }

    public static IEnumerable<object?> Split(string text, string? mark, int most, bool fromEnd)
    {
        if (mark is "")
        {
            throw PythonErrors.Value("empty separator");
        }

        if (mark is null)
        {
            string[] words = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            return words.Length <= most ? words : fromEnd ? [string.Join(' ', words.SkipLast(most)), .. words.TakeLast(most)] : [.. words.Take(most), text[Rest(text, most)..].TrimEnd()];
        }

        string[] parts = text.Split(mark);
        return parts.Length - 1 <= most ? parts : fromEnd ? [string.Join(mark, parts.SkipLast(most)), .. parts.TakeLast(most)] : [.. parts.Take(most), string.Join(mark, parts.Skip(most))];
    }

    // Where the text goes on behind so many words.
    private static int Rest(string text, int words)
    {
        int at = 0;
        for (int n = 0; n <= words; n++)
        {
            while (at < text.Length && char.IsWhiteSpace(text[at]))
            {
                at++;
            }

            while (n < words && at < text.Length && !char.IsWhiteSpace(text[at]))
            {
                at++;
            }
        }

        return at;
    }

    private static PythonList Lines(string text, bool keepsEnds)
    {
        PythonList lines = [];
        int start = 0;
        for (int at = 0; at < text.Length; at++)
        {
            if (text[at] is '\n' or '\r')
            {
                int end = text[at] == '\r' && at + 1 < text.Length && text[at + 1] == '\n' ? at + 2 : at + 1;
                lines.Add(text[start..(keepsEnds ? end : at)]);
                start = end;
                at = end - 1;
            }
        }

        if (start < text.Length)
        {
            lines.Add(text[start..]);
        }

        return lines;
    }

    private static string Replace(string text, string old, string next, long count)
    {
        if (old.Length == 0 || count == 0)
        {
            return old.Length == 0 && count != 0 && text.Length * (long)next.Length < 1 << 20 ? next + string.Concat(text.Select(c => c + next)) : text;
        }

        if (next.Length > old.Length && text.Length / old.Length * (long)next.Length > 4 << 20)
        {
            throw PythonErrors.Memory();
        }

        return count < 0 ? text.Replace(old, next, StringComparison.Ordinal) : string.Join(next, Split(text, old, (int)Math.Min(count, int.MaxValue), fromEnd: false));
    }

    private static int Find(string text, CallArguments a, bool last)
    {
        int from = (int)Math.Clamp(a.Whole(2, null, 0) is < 0 and var back ? text.Length + back : a.Whole(2, null, 0), 0, text.Length), to = (int)Math.Clamp(a.Whole(3, null, text.Length) is < 0 and var end ? text.Length + end : a.Whole(3, null, text.Length), from, text.Length);
        int found = last ? text[from..to].LastIndexOf(a.Text(1), StringComparison.Ordinal) : text[from..to].IndexOf(a.Text(1), StringComparison.Ordinal);
        return found < 0 ? -1 : found + from;
    }

    private static PythonTuple Partition(string text, string mark, int at, bool fromEnd) =>
        new(at < 0 ? fromEnd ? ["", "", text] : [text, "", ""] : [text[..at], mark, text[(at + mark.Length)..]]);

    private static PythonDictionary Table(CallArguments a)
    {
        // It is called on the type, or on a text.
        int first = a.Count >= 3 || (a.Count == 2 && a.Values[1] is PythonDictionary) ? a.Count - 2 + (a.Values[^1] is PythonDictionary ? 1 : 0) : 0;
        PythonDictionary table = new();
        if (a.Values[^1] is PythonDictionary map)
        {
            foreach ((object? key, object? value) in map.Items)
            {
                table[key is string { Length: 1 } letter ? (BigInteger)letter[0] : key] = value;
            }

            return table;
        }

        string from = a.Text(first), to = a.Text(first + 1);
        for (int n = 0; n < Math.Min(from.Length, to.Length); n++)
        {
            table[(BigInteger)from[n]] = (BigInteger)to[n];
        }

        return table;
    }

    private static string Translate(string text, PythonDictionary table) =>
        string.Concat(text.Select(c => table.TryGet((BigInteger)c, out object? value) ? value switch { null => "", string other => other, BigInteger code => ((char)(int)code).ToString(), _ => "" } : c.ToString()));

    private static async ValueTask<object?> JoinAsync(PythonMachine machine, CallArguments a)
    {
        string mark = a.Text(0);
        PythonList items = await machine.Calls.CollectAsync(a.Need(1));
        int bad = items.FindIndex(item => item is not string);
        if (bad >= 0)
        {
            throw PythonErrors.Type(FormattableString.Invariant($"sequence item {bad}: expected str instance, {PythonText.TypeName(items[bad])} found"));
        }

        long length = items.Sum(item => (long)((string)item!).Length + mark.Length);
        machine.Reserve(length * 2);
        return string.Join(mark, items);
    }

    private static async ValueTask<object?> FormatAsync(PythonMachine machine, CallArguments a)
    {
        StringBuilder text = new();
        int next = 1;
        string format = a.Text(0);
        for (int at = 0; at < format.Length; at++)
        {
            char c = format[at];
            if (c is '{' or '}' && at + 1 < format.Length && format[at + 1] == c)
            {
                text.Append(c);
                at++;
            }
            else if (c == '}')
            {
                throw PythonErrors.Value("Single '}' encountered in format string");
            }
            else if (c == '{')
            {
                int end = format.IndexOf('}', at);
                if (end < 0)
                {
                    throw PythonErrors.Value(at + 1 == format.Length ? "Single '{' encountered in format string" : "expected '}' before end of string");
                }

                string[] field = format[(at + 1)..end].Split(':', 2), name = field[0].Split('!', 2);
                object? value = Field(machine, a, name[0], ref next);
                string shown = name.Length > 1 && name[1] is "r" ? await machine.Calls.RepresentAsync(value) : await machine.Calls.TextAsync(value);
                text.Append(PythonFormat.Format(name.Length > 1 ? shown : value, shown, field.Length > 1 ? field[1] : ""));
                at = end;
            }
            else
            {
                text.Append(c);
            }

            machine.Reserve(text.Length > 1 << 20 ? text.Length : 0);
        }

        return text.ToString();
    }

    // "0", "name", "user.name", "list[0]".
    private static object? Field(PythonMachine machine, CallArguments a, string name, ref int next)
    {
        int end = name.IndexOfAny(['.', '[']) is >= 0 and var found ? found : name.Length;
        string first = name[..end];
        object? value = first.Length == 0 || int.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out _)
            ? (first.Length == 0 ? next++ : int.Parse(first, CultureInfo.InvariantCulture) + 1) is var at && at < a.Count ? a.Values[at] : throw PythonErrors.New("IndexError", FormattableString.Invariant($"Replacement index {at - 1} out of range for positional args tuple"))
            : a.Named.TryGetValue(first, out object? named) ? named : throw PythonErrors.New("KeyError", first);
        foreach (string step in name[end..].Split(['.', '['], StringSplitOptions.RemoveEmptyEntries))
        {
            value = step.EndsWith(']') ? PythonIndexing.Get(value, BigInteger.TryParse(step[..^1], CultureInfo.InvariantCulture, out BigInteger number) ? number : step[..^1]) : PythonMembers.Get(machine, value, step);
        }

        return value;
    }
}
