using System.Globalization;

namespace Blackwall.Tarpit.Shell.Text;

/// <summary>Where tabs lead to: what expand(1) and unexpand(1) are given with -t.</summary>
internal sealed class TabStops
{
    private const int Widest = 1 << 20;
    private readonly List<int> _stops = [];

    // Behind the last stop: multiples of this, or, if it was given with a plus, so many from there.
    private int _each;
    private bool _isFromLast;

    private TabStops()
    {
    }

    /// <summary>What is wrong with the list; null: nothing.</summary>
    public string? Fault { get; private set; }

    /// <summary>-4,8 is the old form of -t 4,8.</summary>
    public static IReadOnlyList<string> Arguments(IReadOnlyList<string> arguments) =>
        [.. arguments.Select(argument => argument.Length > 1 && argument[0] == '-' && char.IsAsciiDigit(argument[1]) ? "-t" + argument[1..] : argument)];

    public static TabStops Of(IEnumerable<string> lists)
    {
        TabStops made = new();
        foreach (string word in lists.SelectMany(list => list.Split([',', ' ', '\t'], StringSplitOptions.RemoveEmptyEntries)))
        {
            made.Add(word);
        }

        if (made._stops.Count == 1 && made._each == 0)
        {
            // One number alone is the distance of all.
            made._each = made._stops[0];
            made._stops.Clear();
        }

        made._each = made._stops.Count == 0 && made._each == 0 ? 8 : made._each;
        return made;
    }

    /// <summary>The first stop behind a column; null: there is none.</summary>
    public int? After(int column)
    {
        foreach (int stop in _stops)
        {
            if (stop > column)
            {
                return stop;
            }
        }

        int start = _isFromLast && _stops.Count > 0 ? _stops[^1] : 0;
        return _each > 0 ? start + (((column - start) / _each) + 1) * _each : null;
    }

    private void Add(string word)
    {
        string digits = word.TrimStart('/', '+');
        if (!int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out int number))
        {
            Fault ??= digits.All(char.IsAsciiDigit) ? $"tab stop is too large ‘{digits}’" : $"tab size contains invalid character(s): ‘{digits.TrimStart('0', '1', '2', '3', '4', '5', '6', '7', '8', '9')}’";
            return;
        }

        number = Math.Min(number, Widest);
        if (word.Length > digits.Length)
        {
            (_each, _isFromLast) = (number, word[0] == '+');
            return;
        }

        Fault ??= number == 0 ? "tab size cannot be 0" : _stops.Count > 0 && number <= _stops[^1] ? "tab sizes must be ascending" : null;
        _stops.Add(number);
    }
}
