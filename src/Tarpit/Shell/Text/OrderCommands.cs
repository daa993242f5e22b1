using System.Globalization;
using System.Text;
using Blackwall.Tarpit.Shell.Commands;

namespace Blackwall.Tarpit.Shell.Text;

/// <summary>tsort(1), numfmt(1) and envsubst(1).</summary>
internal static class OrderCommands
{
    private const int MostItems = 10_000;
    private const string Units = "KMGTPEZY";
    private static readonly Dictionary<string, char> FormatNames = new(StringComparer.Ordinal) { ["from"] = 'f', ["to"] = 't', ["suffix"] = 's', ["padding"] = 'p', ["delimiter"] = 'd', ["field"] = 'F', ["header"] = 'h', ["round"] = 'r', ["invalid"] = 'i', ["format"] = 'o', ["from-unit"] = 'u', ["to-unit"] = 'U', ["grouping"] = 'g' };

    public static Dictionary<string, CommandBody> All { get; } = new(StringComparer.Ordinal)
    {
        ["tsort"] = SortAsync,
        ["numfmt"] = FormatAsync,
        ["envsubst"] = SubstituteAsync,
    };

    private static async ValueTask<int> SortAsync(Invocation i)
    {
        if (i.Operands.Count > 1)
        {
            return await i.FailAsync($"extra operand ‘{i.Operands[1]}’\nTry 'tsort --help' for more information.");
        }

        string name = i.Operands.FirstOrDefault("-");
        if (await Lines.ReadAsync(i, name) is not { } text)
        {
            return 1;
        }

        string[] words = text.Split([' ', '\t', '\n'], StringSplitOptions.RemoveEmptyEntries);
        if (words.Length % 2 != 0)
        {
            return await i.FailAsync($"{name}: input contains an odd number of tokens");
        }

        List<string> order = [];
        Dictionary<string, int> before = new(StringComparer.Ordinal);
        Dictionary<string, List<string>> behind = new(StringComparer.Ordinal);
        for (int n = 0; n + 1 < words.Length && before.Count < MostItems; n += 2)
        {
            foreach (string word in (string[])[words[n], words[n + 1]])
            {
                before.TryAdd(word, 0);
                behind.TryAdd(word, []);
            }

            if (!string.Equals(words[n], words[n + 1], StringComparison.Ordinal))
            {
                behind[words[n]].Add(words[n + 1]);
                before[words[n + 1]]++;
            }
        }

        Queue<string> free = new(before.Where(pair => pair.Value == 0).Select(pair => pair.Key).Order(StringComparer.Ordinal));
        while (free.TryDequeue(out string? next))
        {
            await i.State.Budget.StepAsync(i.Cancellation);
            order.Add(next);
            // What was named last is freed first, as a list to whose front GNU adds.
            foreach (string word in behind[next].AsEnumerable().Reverse().Where(word => --before[word] == 0))
            {
                free.Enqueue(word);
            }
        }

        if (order.Count < before.Count)
        {
            await i.FailAsync($"{name}: input contains a loop:");
            foreach (string word in before.Keys.Except(order, StringComparer.Ordinal))
            {
                await i.FailAsync(word);
                order.Add(word);
            }

            await i.PrintAsync(Lines.Join(order));
            return 1;
        }

        await i.PrintAsync(Lines.Join(order));
        return 0;
    }

    private static async ValueTask<int> FormatAsync(Invocation i)
    {
        // Numbers below zero are no options.
        OptionParsing options = new([.. i.Arguments.Select(argument => argument.Length > 1 && argument[0] == '-' && char.IsAsciiDigit(argument[1]) ? "\0" + argument : argument)], "f:t:s:p:d:F:h:r:i:o:u:U:gz", FormatNames, isMixed: true);
        if (options.Error is { } error)
        {
            return await Lines.InvalidOptionAsync(i, error);
        }

        int field = int.TryParse(options.Value('F'), NumberStyles.None, CultureInfo.InvariantCulture, out int given) ? given : 1;
        IEnumerable<string> lines = options.Operands.Count > 0 ? options.Operands.Select(word => word.TrimStart('\0')) : Lines.Of(await Lines.ReadAsync(i, "-") ?? "");
        foreach (string line in lines)
        {
            char delimiter = options.Value('d') is { Length: > 0 } text ? text[0] : ' ';
            string[] fields = line.Split(delimiter);
            if (fields.Length >= field)
            {
                string number = fields[field - 1];
                if (Parse(number.Trim(), options.Value('f') ?? "none") is not { } value)
                {
                    return await i.FailAsync(number.Trim().Length > 0 && char.IsAsciiDigit(number.Trim()[^1]) || number.Trim().Length == 0 || !char.IsAsciiDigit(number.Trim()[0]) ? $"invalid number: ‘{number}’" : options.Value('f') is null or "none" ? $"rejecting suffix in input: ‘{number}’ (consider using --from)" : $"invalid suffix in input: ‘{number}’", 2);
                }

                value = value * Factor(options.Value('u')) / Factor(options.Value('U'));
                string shown = Shown(value, options.Value('t') ?? "none") + options.Value('s');
                fields[field - 1] = int.TryParse(options.Value('p'), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int padding) ? padding < 0 ? shown.PadRight(Math.Min(-padding, 1000)) : shown.PadLeft(Math.Min(padding, 1000)) : shown;
            }

            await i.PrintAsync(string.Join(delimiter, fields) + "\n");
        }

        return 0;
    }

    private static double Factor(string? unit) => unit is null ? 1 : Parse(unit, "auto") is { } factor && factor > 0 ? factor : 1;

    private static double? Parse(string text, string scale)
    {
        string digits = text.TrimEnd('i');
        int unit = digits.Length > 0 && scale is not "none" ? Units.IndexOf(char.ToUpperInvariant(digits[^1]), StringComparison.Ordinal) : -1;
        bool isBinary = scale is "iec" or "iec-i" || (scale is "auto" && text.EndsWith('i'));
        return double.TryParse(unit >= 0 ? digits[..^1] : text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number) ? number * Math.Pow(isBinary ? 1024 : 1000, unit + 1) : null;
    }

    private static string Shown(double value, string scale)
    {
        double unit = scale is "iec" or "iec-i" ? 1024 : 1000;
        if (scale is "none" || Math.Abs(value) < unit)
        {
            return value.ToString("0.######", CultureInfo.InvariantCulture);
        }

        int power = -1;
        for (; Math.Abs(value) >= unit && power + 1 < Units.Length; power++)
        {
            value /= unit;
        }

        double rounded = Math.Abs(value) < 10 ? Math.Ceiling(Math.Abs(value) * 10) / 10 : Math.Ceiling(Math.Abs(value));
        string text = (Math.Sign(value) * rounded).ToString(rounded < 10 ? "0.0" : "0", CultureInfo.InvariantCulture);
        return text + Units[power] + (scale is "iec-i" ? "i" : "");
    }

    // $NAME and ${NAME} of the environment; with a word, only those that it names.
    private static async ValueTask<int> SubstituteAsync(Invocation i)
    {
        string text = await Lines.ReadAsync(i, "-") ?? "";
        string? only = i.Operands.Count > 0 ? i.Operands[0] : null;
        HashSet<string> exported = new(i.State.Exported, StringComparer.Ordinal);
        StringBuilder made = new();
        for (int at = 0; at < text.Length; at++)
        {
            bool isBraced = at + 1 < text.Length && text[at] == '$' && text[at + 1] == '{';
            int start = at + (isBraced ? 2 : 1), end = start;
            while (text[at] == '$' && end < text.Length && (char.IsAsciiLetter(text[end]) || text[end] == '_' || (end > start && char.IsAsciiDigit(text[end]))))
            {
                end++;
            }

            string name = end > start ? text[start..end] : "";
            bool isWhole = name.Length > 0 && (!isBraced || (end < text.Length && text[end] == '}')) && (only is null || only.Contains("$" + name, StringComparison.Ordinal) || only.Contains("${" + name + "}", StringComparison.Ordinal));
            made.Append(isWhole ? exported.Contains(name) ? i.State.Get(name) : "" : text[at].ToString());
            at = isWhole ? end - (isBraced ? 0 : 1) : at;
        }

        await i.PrintAsync(made.ToString());
        return 0;
    }
}
