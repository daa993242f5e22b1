namespace Blackwall.Tarpit.Shell.Scripting;

/// <summary>Operators between two values.</summary>
internal static class ScriptOperators
{
    private const int Longest = 4 << 20, MostOfRange = 200_000;

    public static object? Apply(string sign, object? left, object? right, ScriptMachine machine, int line)
    {
        double a = ScriptValues.Real(left), b = ScriptValues.Real(right);
        string x = machine.Text(left), y = machine.Text(right);
        object Truth(bool holds) => machine.IsPhp ? holds : holds ? 1.0 : "";
        switch (sign)
        {
            case ".":
                return x.Length + y.Length <= Longest ? x + y : throw new ScriptDieException(machine.IsPhp ? "Allowed memory size of 134217728 bytes exhausted" : "Out of memory!\n", 255, isError: false);
            case "+" when left is string { Length: > 0 } word && b == 1 && right is double && !ScriptValues.IsNumeric(left) && char.IsAsciiLetter(word[0]):
                return Next(word);
            case "+":
                return a + b;
            case "-":
                return a - b;
            case "*":
                return a * b;
            case "/":
                return b != 0 ? a / b : throw Zero(machine, "Illegal division by zero", "Division by zero", line);
            case "%":
                double whole = Math.Truncate(b);
                return whole != 0 ? machine.IsPhp ? Math.Truncate(a) % whole : Math.Truncate(a) - (Math.Floor(Math.Truncate(a) / whole) * whole) : throw Zero(machine, "Illegal modulus zero", "Modulo by zero", line);
            case "**":
                return Math.Pow(a, b);
            case "x":
                return left is ListResult list ? new ListResult(Enumerable.Repeat(list, (int)Math.Clamp(b, 0, MostOfRange / Math.Max(1, list.Count))).SelectMany(part => part))
                    : x.Length * Math.Max(0, b) <= Longest ? new System.Text.StringBuilder().Insert(0, x, (int)Math.Clamp(b, 0, Longest)).ToString() : throw new ScriptDieException("Out of memory!\n", 1, isError: false);
            case "..":
                return left is string { Length: > 0 } from && !ScriptValues.IsNumeric(from) ? Letters(from, y) : b - a > MostOfRange ? throw new ScriptDieException("Out of memory!\n", 1, isError: false) : new ListResult(Enumerable.Range((int)Math.Clamp(a, int.MinValue, int.MaxValue), (int)Math.Max(0, b - Math.Truncate(a) + 1)).Select(n => (object?)(double)n));
            case "<<":
                return (double)((long)a << (int)(b % 64));
            case ">>":
                return (double)((long)a >> (int)(b % 64));
            case "&":
                return (double)((long)a & (long)b);
            case "|":
                return (double)((long)a | (long)b);
            case "^":
                return (double)((long)a ^ (long)b);
            case "===" or "!==":
                return Truth((left?.GetType() == right?.GetType() && Equals(left, right)) == (sign is "==="));
            case "==" or "!=" when machine.IsPhp && left is string or null && right is string or null && !(ScriptValues.IsNumeric(left) && ScriptValues.IsNumeric(right)):
                return Truth(string.Equals(x, y, StringComparison.Ordinal) == (sign is "=="));
            case "==":
                return Truth(a == b);
            case "!=":
                return Truth(a != b);
            case "<":
                return Truth(a < b);
            case ">":
                return Truth(a > b);
            case "<=":
                return Truth(a <= b);
            case ">=":
                return Truth(a >= b);
            case "<=>":
                return (double)a.CompareTo(b);
            case "cmp":
                return (double)Math.Sign(string.CompareOrdinal(x, y));
            case "eq":
                return Truth(string.Equals(x, y, StringComparison.Ordinal));
            case "ne":
                return Truth(!string.Equals(x, y, StringComparison.Ordinal));
            default:
                int order = string.CompareOrdinal(x, y);
                return Truth(sign switch { "lt" => order < 0, "gt" => order > 0, "le" => order <= 0, _ => order >= 0 });
        }
    }

    private static ScriptDieException Zero(ScriptMachine machine, string perl, string php, int line) => machine.Die(machine.IsPhp ? $"Uncaught DivisionByZeroError: {php}" : perl, line);

    // "az" is followed by "ba".
    private static string Next(string word)
    {
        char[] letters = word.ToCharArray();
        for (int at = letters.Length - 1; at >= 0; at--)
        {
            if (letters[at] is not ('z' or 'Z' or '9'))
            {
                letters[at]++;
                return new string(letters);
            }

            letters[at] = letters[at] switch { 'z' => 'a', 'Z' => 'A', _ => '0' };
        }

        return (word[0] switch { 'z' => "a", 'Z' => "A", _ => "1" }) + new string(letters);
    }

    private static ListResult Letters(string from, string to)
    {
        ListResult all = [];
        for (string word = from; all.Count < MostOfRange && word.Length <= to.Length; word = Next(word))
        {
            all.Add(word);
            if (string.Equals(word, to, StringComparison.Ordinal))
            {
                break;
            }
        }

        return all;
    }
}
