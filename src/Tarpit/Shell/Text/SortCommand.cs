using System.Globalization;
using Blackwall.Tarpit.Files;
using Blackwall.Tarpit.Shell.Commands;

namespace Blackwall.Tarpit.Shell.Text;

/// <summary>sort(1): keys with their own orders, and the whole line at last.</summary>
internal sealed class SortCommand
{
    private static readonly Dictionary<string, char> LongNames = new(StringComparer.Ordinal)
    {
        ["ignore-leading-blanks"] = 'b', ["dictionary-order"] = 'd', ["ignore-case"] = 'f', ["general-numeric-sort"] = 'g', ["ignore-nonprinting"] = 'i', ["month-sort"] = 'M', ["human-numeric-sort"] = 'h', ["numeric-sort"] = 'n', ["random-sort"] = 'R',
        ["reverse"] = 'r', ["version-sort"] = 'V', ["check"] = 'c', ["key"] = 'k', ["merge"] = 'm', ["output"] = 'o', ["stable"] = 's', ["field-separator"] = 't', ["unique"] = 'u', ["zero-terminated"] = 'z', ["parallel"] = 'P', ["buffer-size"] = 'S', ["temporary-directory"] = 'T',
    };

    private readonly OptionParsing _options;
    private readonly List<Key> _keys = [];
    private readonly char? _separator;
    private readonly string _letters;

    private SortCommand(OptionParsing options)
    {
        _options = options;
        _letters = string.Concat("bdfghiMnRrV".Where(options.Has));
        _separator = options.Value('t') is { Length: > 0 } given ? (given is "\\0" ? '\0' : given[0]) : null;
        foreach (string text in options.Values('k'))
        {
            _keys.Add(Key.Parse(text, _letters));
        }
    }

    public static async ValueTask<int> RunAsync(Invocation i)
    {
        // --sort=month is --month-sort.
        string[] arguments = [.. i.Arguments.Select(argument => argument.StartsWith("--sort=", StringComparison.Ordinal) && LongNames.ContainsKey(argument[7..] + "-sort") ? $"--{argument[7..]}-sort" : argument)];
        OptionParsing options = new(arguments, "bdfgiMhnRrVcCk:mo:st:uzP:S:T:", LongNames, isMixed: true);
        if (options.Error is { } error)
        {
            return await Lines.InvalidOptionAsync(i, error, 2);
        }

        SortCommand command;
        try
        {
            command = new SortCommand(options);
        }
        catch (FormatException e)
        {
            return await i.FailAsync(e.Message, 2);
        }

        if (options.Value('t') is { Length: > 1 } wide && wide is not "\\0")
        {
            return await i.FailAsync($"multi-character tab '{wide}'", 2);
        }

        char end = options.Has('z') ? '\0' : '\n';
        List<string> lines = [];
        foreach (string name in options.Operands.Count == 0 ? ["-"] : options.Operands)
        {
            if (name is not "-" && i.Read(name, out _) is var failure && failure != FileError.None)
            {
                return await i.FailAsync(failure == FileError.IsFolder ? $"read failed: {name}: Is a directory" : $"cannot read: {name}: {failure.Text()}", 2);
            }

            await i.GiveWayAsync(lines.Sum(line => (long)line.Length));
            lines.AddRange(Lines.Of(await Lines.ReadAsync(i, name) ?? "", end));
        }

        if (options.Has('c') || options.Has('C'))
        {
            return await command.CheckAsync(i, lines);
        }

        i.State.Budget.Charge(lines.Count / 100);
        string text = Lines.Join(await command.SortAsync(i, lines), end);
        if (options.Value('o') is { } target)
        {
            FileError written = i.Files.Write(i.State.Path(target), System.Text.Encoding.Latin1.GetBytes(text), i.State.Visit.UserId, i.State.Visit.UserId);
            return written == FileError.None ? 0 : await i.FailAsync($"open failed: {target}: {written.Text()}", 2);
        }

        await i.PrintAsync(text);
        return 0;
    }

    private async ValueTask<IEnumerable<string>> SortAsync(Invocation i, List<string> lines)
    {
        string[] sorted = _options.Has('R') && _keys.Count == 0 ? [.. lines.OrderBy(line => line.GetHashCode(StringComparison.Ordinal))] : await SlicedSort.SortAsync(lines, Comparer<string>.Create(Compare), () => i.GiveWayAsync());
        return _options.Has('u') ? sorted.Where((line, at) => at == 0 || CompareKeys(sorted[at - 1], line) != 0) : sorted;
    }

    private async ValueTask<int> CheckAsync(Invocation i, List<string> lines)
    {
        for (int at = 1; at < lines.Count; at++)
        {
            int order = Compare(lines[at - 1], lines[at]);
            if (order > 0 || (order == 0 && _options.Has('u')))
            {
                string name = _options.Operands.Count > 0 ? _options.Operands[0] : "-";
                return _options.Has('C') ? 1 : await i.FailAsync(string.Create(CultureInfo.InvariantCulture, $"{name}:{at + 1}: disorder: {lines[at]}"));
            }
        }

        return 0;
    }

    private int Compare(string a, string b)
    {
        int order = CompareKeys(a, b);
        if (order != 0 || _options.Has('s') || _options.Has('u'))
        {
            return order;
        }

        order = string.CompareOrdinal(a, b);
        return _options.Has('r') ? -order : order;
    }

    private int CompareKeys(string a, string b)
    {
        if (_keys.Count == 0)
        {
            int whole = CompareBy(a, b, _letters);
            return _letters.Contains('r', StringComparison.Ordinal) ? -whole : whole;
        }

        foreach (Key key in _keys)
        {
            int order = CompareBy(key.Of(a, _separator), key.Of(b, _separator), key.Letters);
            if (order != 0)
            {
                return key.Letters.Contains('r', StringComparison.Ordinal) ? -order : order;
            }
        }

        return 0;
    }

    private static int CompareBy(string a, string b, string letters)
    {
        bool Has(char letter) => letters.Contains(letter, StringComparison.Ordinal);
        if (Has('b'))
        {
            (a, b) = (a.TrimStart(' ', '\t'), b.TrimStart(' ', '\t'));
        }

        if (Has('n'))
        {
            return SortNumbers.Decimal(a, b);
        }

        if (Has('g'))
        {
            return SortNumbers.General(a).CompareTo(SortNumbers.General(b));
        }

        if (Has('h'))
        {
            return SortNumbers.Human(a, b);
        }

        if (Has('M'))
        {
            return SortNumbers.Month(a).CompareTo(SortNumbers.Month(b));
        }

        if (Has('V'))
        {
            return SortNumbers.Version(a, b);
        }

        if (Has('d'))
        {
            (a, b) = (string.Concat(a.Where(c => char.IsAsciiLetterOrDigit(c) || c is ' ' or '\t')), string.Concat(b.Where(c => char.IsAsciiLetterOrDigit(c) || c is ' ' or '\t')));
        }

        return Has('f') ? string.CompareOrdinal(a.ToUpperInvariant(), b.ToUpperInvariant()) : string.CompareOrdinal(a, b);
    }

    /// <summary>-k: from a field and character to another.</summary>
    private sealed record Key(int Field, int Character, int EndField, int EndCharacter, bool SkipsBlanks, string Letters)
    {
        public static Key Parse(string text, string global)
        {
            string[] parts = text.Split(',', 2);
            (int field, int character, string letters) = Part(parts[0]);
            (int endField, int endCharacter, string endLetters) = parts.Length > 1 ? Part(parts[1]) : (0, 0, "");
            if (field == 0)
            {
                throw new FormatException($"field number is zero: invalid field specification ‘{text}’");
            }

            string own = letters + endLetters;
            return new Key(field, Math.Max(1, character), endField, endCharacter, letters.Contains('b', StringComparison.Ordinal) || (own.Length == 0 && global.Contains('b', StringComparison.Ordinal)), own.Length > 0 ? own : global);
        }

        private static (int Field, int Character, string Letters) Part(string text)
        {
            int at = 0;
            int Number()
            {
                int start = at;
                while (at < text.Length && char.IsAsciiDigit(text[at]))
                {
                    at++;
                }

                return int.TryParse(text.AsSpan(start, at - start), NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : throw new FormatException($"invalid number at field start: invalid count at start of '{text}'");
            }

            int field = Number(), character = 0;
            if (at < text.Length && text[at] == '.')
            {
                at++;
                character = Number();
            }

            return (field, character, text[at..]);
        }

        public string Of(string line, char? separator)
        {
            int start = Begin(line, separator, Field);
            if (SkipsBlanks)
            {
                start = Blanks(line, start);
            }

            start = Math.Min(line.Length, start + Character - 1);
            int end = line.Length;
            if (EndField > 0)
            {
                end = EndCharacter == 0 ? End(line, separator, EndField) : Math.Min(line.Length, (Letters.Contains('b', StringComparison.Ordinal) ? Blanks(line, Begin(line, separator, EndField)) : Begin(line, separator, EndField)) + EndCharacter);
            }

            return end > start ? line[start..end] : "";
        }

        private static int Blanks(string line, int at)
        {
            while (at < line.Length && line[at] is ' ' or '\t')
            {
                at++;
            }

            return at;
        }

        // Blanks before a field belong to it unless there is a separator.
        private static int Begin(string line, char? separator, int field)
        {
            int at = 0;
            for (int n = 1; n < field && at < line.Length; n++)
            {
                at = Next(line, separator, at);
                at += separator is not null && at < line.Length ? 1 : 0;
            }

            return at;
        }

        private static int End(string line, char? separator, int field)
        {
            int start = Begin(line, separator, field);
            return start >= line.Length ? line.Length : Next(line, separator, start);
        }

        private static int Next(string line, char? separator, int at)
        {
            if (separator is { } mark)
            {
                int found = line.IndexOf(mark, at);
                return found < 0 ? line.Length : found;
            }

            at = Blanks(line, at);
            while (at < line.Length && line[at] is not (' ' or '\t'))
            {
                at++;
            }

            return at;
        }
    }
}
