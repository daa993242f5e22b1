using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Blackwall.Tarpit.Shell.Scripting;

/// <summary>Functions of texts, numbers and time that both languages have, by either name.</summary>
internal static class ScriptText
{
    private const int Longest = 1 << 20;

    public static bool TryCall(ScriptMachine machine, string name, List<object?> values, string first, int line, out object? result)
    {
        string At(int n) => machine.Text(values.ElementAtOrDefault(n));
        double Number(int n) => ScriptValues.Real(values.ElementAtOrDefault(n));
        DateTimeOffset now = machine.Call.Machine.Now;
        bool isPhp = machine.IsPhp;
        result = name switch
        {
            "length" or "strlen" => (double)first.Length,
            "lc" or "strtolower" => first.ToLowerInvariant(),
            "uc" or "strtoupper" => first.ToUpperInvariant(),
            "ucfirst" => first.Length == 0 ? "" : char.ToUpperInvariant(first[0]) + first[1..],
            "lcfirst" => first.Length == 0 ? "" : char.ToLowerInvariant(first[0]) + first[1..],
            "ord" => (double)(first.Length == 0 ? 0 : first[0]),
            "chr" => ((char)((int)ScriptValues.Real(first) & 0xFF)).ToString(),
            "int" or "intval" or "floor" => name is "floor" ? Math.Floor(ScriptValues.Real(first)) : Math.Truncate(ScriptValues.Real(first)),
            "ceil" => Math.Ceiling(ScriptValues.Real(first)),
            "abs" => Math.Abs(ScriptValues.Real(first)),
            "sqrt" => Math.Sqrt(ScriptValues.Real(first)),
            "hex" or "hexdec" => (double)(long.TryParse(first.StartsWith("0x", StringComparison.OrdinalIgnoreCase) ? first[2..] : first, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out long hex) ? hex : 0),
            "oct" => first.StartsWith("0x", StringComparison.OrdinalIgnoreCase) && long.TryParse(first[2..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out long wide) ? (double)wide : first.Aggregate(0.0, (sum, c) => c is >= '0' and <= '7' ? (sum * 8) + c - '0' : sum),
            "rand" or "mt_rand" or "random_int" => isPhp ? values.Count > 1 ? Math.Floor(Number(0) + (Random.Shared.NextDouble() * (Number(1) - Number(0) + 1))) : (double)Random.Shared.Next() : Random.Shared.NextDouble() * (values.Count > 0 && Number(0) != 0 ? Number(0) : 1),
            "srand" => 0.0,
            "join" or "implode" => string.Join(At(0), isPhp ? Parts(values.ElementAtOrDefault(1)).Select(machine.Text) : values.Skip(1).Select(machine.Text)),
            "reverse" => new ListResult(Enumerable.Reverse(values)),
            "strrev" => new string([.. first.Reverse()]),
            "sort" => new ListResult(values.OrderBy(machine.Text, StringComparer.Ordinal)),
            "index" or "strpos" or "rindex" or "strrpos" => Index(name, first, At(1), isPhp),
            "substr" => Cut(first, Number(1), values.Count > 2 && values[2] is not null ? Number(2) : null),
            "sprintf" => Format(machine, values),
            "x" or "str_repeat" => first.Length * Math.Max(0, Number(1)) > Longest ? throw machine.Die("Out of memory!", line) : new StringBuilder().Insert(0, first, (int)Math.Max(0, Number(1))).ToString(),
            "split" when !isPhp => Split(machine, At(0), values.Count > 1 ? At(1) : machine.Text(machine.Variables.GetValueOrDefault("$_")), values.Count > 2 ? (int)Number(2) : 0, line),
            "time" => (double)now.ToUnixTimeSeconds(),
            "localtime" or "gmtime" => now.ToString("ddd MMM", CultureInfo.InvariantCulture) + now.Day.ToString(CultureInfo.InvariantCulture).PadLeft(3) + now.ToString(" HH:mm:ss yyyy", CultureInfo.InvariantCulture),
            "encode_base64" or "base64_encode" => name[0] == 'b' ? Convert.ToBase64String(Encoding.Latin1.GetBytes(first)) : string.Concat(Convert.ToBase64String(Encoding.Latin1.GetBytes(first)).Chunk(76).Select(part => new string(part) + (values.Count > 1 ? At(1) : "\n"))),
            "decode_base64" or "base64_decode" => Decoded(first),
            "md5" or "md5_hex" => Convert.ToHexStringLower(MD5.HashData(Encoding.Latin1.GetBytes(first))),
            "sha1" or "sha1_hex" => Convert.ToHexStringLower(SHA1.HashData(Encoding.Latin1.GetBytes(first))),
            "sha256_hex" => Convert.ToHexStringLower(SHA256.HashData(Encoding.Latin1.GetBytes(first))),
            "getpid" or "getmypid" or "posix_getpid" => (double)machine.Functions.Process,
            "getppid" or "posix_getppid" => (double)machine.Call.State.Visit.ShellProcess,
            "fork" or "pcntl_fork" or "umask" or "alarm" => 0.0,
            "getlogin" or "get_current_user" => machine.Call.State.Visit.UserName,
            "hostname" or "gethostname" => machine.Call.State.Visit.Memory.HostName,
            "getcwd" or "cwd" => machine.Call.State.Folder,
            "pack" when At(0).StartsWith("H*", StringComparison.Ordinal) => Hexadecimal(At(1)),
            "unpack" when At(0).StartsWith("H*", StringComparison.Ordinal) => new ListResult([Convert.ToHexStringLower(Encoding.Latin1.GetBytes(At(1)))]),
            _ => result = machine,
        };
        return !ReferenceEquals(result, machine);
    }

    // An empty pattern cuts between characters; empty parts at the end are left out.
    private static ListResult Split(ScriptMachine machine, string pattern, string text, int most, int line)
    {
        IEnumerable<string> parts = pattern.Length == 0 ? text.Select(c => c.ToString()) : pattern is " " ? text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries) : machine.Patterns.Pattern(pattern, "", line).Split(text, Math.Max(0, most));
        return new ListResult(most > 0 ? parts : parts.Reverse().SkipWhile(part => part.Length == 0).Reverse());
    }

    public static IEnumerable<object?> Parts(object? value) => value switch { OrderedDictionary<string, object?> map => map.Values, List<object?> list => list, _ => [] };

    private static object Index(string name, string text, string part, bool isPhp)
    {
        int at = name.Contains('r', StringComparison.Ordinal) && name is "rindex" or "strrpos" ? text.LastIndexOf(part, StringComparison.Ordinal) : text.IndexOf(part, StringComparison.Ordinal);
        return at < 0 && isPhp ? false : (double)at;
    }

    private static string Cut(string text, double from, double? count)
    {
        int start = (int)Math.Clamp(from < 0 ? text.Length + from : from, 0, text.Length);
        int end = count is null ? text.Length : (int)Math.Clamp(count < 0 ? text.Length + count.Value : start + count.Value, start, text.Length);
        return text[start..end];
    }

    private static string Decoded(string text)
    {
        string letters = string.Concat(text.Where(c => char.IsAsciiLetterOrDigit(c) || c is '+' or '/'));
        letters = letters.Length % 4 == 1 ? letters[..^1] : letters;
        return Encoding.Latin1.GetString(Convert.FromBase64String(letters.PadRight((letters.Length + 3) / 4 * 4, '=')));
    }

    private static string Hexadecimal(string digits)
    {
        string clean = string.Concat(digits.TakeWhile(char.IsAsciiHexDigit));
        return Encoding.Latin1.GetString(Convert.FromHexString(clean.Length % 2 == 0 ? clean : clean + "0"));
    }

    /// <summary>sprintf.</summary>
    public static string Format(ScriptMachine machine, List<object?> values)
    {
        StringBuilder text = new();
        string format = machine.Text(values.FirstOrDefault());
        int used = 1;
        for (int at = 0; at < format.Length && text.Length < Longest; at++)
        {
            if (format[at] != '%' || at + 1 >= format.Length)
            {
                text.Append(format[at]);
                continue;
            }

            if (format[at + 1] == '%')
            {
                text.Append('%');
                at++;
                continue;
            }

            int end = at + 1;
            while (end < format.Length && format[end] is '-' or '+' or ' ' or '0' or '#' or '.' or (>= '1' and <= '9') or 'l')
            {
                end++;
            }

            if (end >= format.Length)
            {
                break;
            }

            string flags = format[(at + 1)..end].Replace("l", "", StringComparison.Ordinal);
            object? value = values.ElementAtOrDefault(used++);
            text.Append(Python.PythonFormat.Percent($"%{flags}{(format[end] is 'v' or 'b' or 'B' or 'u' or 'i' ? 'd' : format[end])}", format[end] switch
            {
                's' or 'c' when format[end] == 's' => machine.Text(value),
                'f' or 'e' or 'g' or 'E' or 'G' or 'F' => ScriptValues.Real(value),
                'b' or 'B' => System.Numerics.BigInteger.Parse(Convert.ToString((long)ScriptValues.Real(value), 2), CultureInfo.InvariantCulture),
                's' or 'd' or 'i' or 'u' or 'x' or 'X' or 'o' or 'c' => new System.Numerics.BigInteger(ScriptValues.Real(value) is var number && double.IsFinite(number) ? number : 0),
                _ => machine.Text(value),
            }));
            at = end;
        }

        return text.ToString();
    }
}
