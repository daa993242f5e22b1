using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Blackwall.Tarpit.MySql.Sql;

/// <summary>A function of the server.</summary>
/// <param name="NullForNull">Whether one null argument makes the result null.</param>
internal sealed record Function(int Least, int Most, bool NullForNull, Func<Evaluation, object?[], object?> Body);

/// <summary>The functions of text, numbers and the session.</summary>
internal static class Functions
{
    private const int LongestText = 1 << 20;

    private static readonly Dictionary<string, Function> s_all = new(StringComparer.OrdinalIgnoreCase);

    static Functions()
    {
        AddSession();
        AddText();
        AddNumbers();
        AddDigests();
        DateFunctions.AddTo(s_all);
    }

    public static Function? Find(string name) => s_all.GetValueOrDefault(name);

    private static void Add(string names, int least, int most, Func<Evaluation, object?[], object?> body, bool nullForNull = true)
    {
        foreach (string name in names.Split(' '))
        {
            s_all[name] = new Function(least, most, nullForNull, body);
        }
    }

    private static string T(object? value) => Values.Text(value)!;

    private static int Length(object? value) => (int)Math.Clamp(Values.Integer(value), int.MinValue, int.MaxValue);

    private static void AddSession()
    {
        Add("VERSION", 0, 0, (e, _) => e.Session.Variables.Version);
        Add("DATABASE SCHEMA", 0, 0, (e, _) => e.Session.Database);
        Add("USER SESSION_USER SYSTEM_USER", 0, 0, (e, _) => $"{e.Session.User}@{e.Session.Host}");
        Add("CURRENT_USER", 0, 0, (e, _) => $"{e.Session.User}@{e.Session.GrantHost}");
        Add("CURRENT_ROLE", 0, 0, (_, _) => "NONE");
        Add("CONNECTION_ID", 0, 0, (e, _) => (long)e.Session.ConnectionId);
        Add("LAST_INSERT_ID", 0, 1, (e, v) => v.Length == 1 ? Values.Integer(v[0]) : e.Session.LastInsertId);
        Add("ROW_COUNT", 0, 0, (e, _) => e.Session.RowCount);
        Add("FOUND_ROWS", 0, 0, (e, _) => e.Session.FoundRows);
        Add("SLEEP", 1, 1, (e, v) =>
        {
            e.Sleep(Values.Number(v[0]));
            return 0L;
        });
        Add("LOAD_FILE", 1, 1, (_, _) => null);
        Add("UUID", 0, 0, (e, _) => e.Session.NewUuid());
        Add("UUID_SHORT", 0, 0, (e, _) => (1L << 56) + e.Now.ToUnixTimeMilliseconds());
        Add("GET_LOCK", 2, 2, (_, _) => 1L);
        Add("RELEASE_LOCK IS_FREE_LOCK", 1, 1, (_, _) => 1L);
        Add("RELEASE_ALL_LOCKS", 0, 0, (_, _) => 0L);
        Add("IS_USED_LOCK", 1, 1, (_, _) => null);
        Add("CHARSET", 1, 1, (_, v) => v[0] is string ? "utf8mb4" : "binary", nullForNull: false);
        Add("COLLATION", 1, 1, (_, v) => v[0] is string ? "utf8mb4_0900_ai_ci" : "binary", nullForNull: false);
        Add("COERCIBILITY", 1, 1, (_, _) => 4L);
        Add("EXTRACTVALUE", 2, 2, (_, v) => Path(T(v[1])));
        Add("UPDATEXML", 3, 3, (_, v) => Path(T(v[1])) ?? T(v[0]));
        Add("GTID_SUBSET GTID_SUBTRACT", 2, 2, (_, v) => throw new MySqlException(new MySqlError(1772, "HY000", $"Malformed GTID set specification '{Shortened(T(v[0]))}'.")));
        Add("RANDOM_BYTES", 1, 1, (_, v) => Values.Integer(v[0]) is >= 1 and <= 1024 and var count ? RandomNumberGenerator.GetBytes((int)count) : null);
        Add("BIT_COUNT", 1, 1, (_, v) => (long)System.Numerics.BitOperations.PopCount(unchecked((ulong)Values.Integer(v[0]))));
        Add("NAME_CONST", 2, 2, (_, v) => v[1]);
        Add("INTERVAL", 2, 16, (_, v) => (long)v.Skip(1).TakeWhile(limit => Values.Order(limit, v[0]) <= 0).Count());
    }

    // What is no path is told in the error: that is how attackers read data out.
    private static string? Path(string path) => path.Length > 0 && (path[0] is '/' || char.IsLetter(path[0])) && path.All(c => char.IsLetterOrDigit(c) || c is '/' or '@' or '*' or '[' or ']' or '.' or '_' or '-' or ':')
        ? "" : throw new MySqlException(new MySqlError(1105, "HY000", $"XPATH syntax error: '{(path.Length > 32 ? path[..32] : path)}'"));

    private static string Shortened(string text) => text.Length > 200 ? text[..200] : text;

    private static void AddText()
    {
        Add("CONCAT", 1, 256, (_, v) => Array.Exists(v, value => value is byte[]) ? v.SelectMany(value => Values.Bytes(value!)).ToArray() : string.Concat(v.Select(T)));
        Add("CONCAT_WS", 2, 256, (_, v) => v[0] is null ? null : string.Join(T(v[0]), v.Skip(1).Where(value => value is not null).Select(T)), nullForNull: false);
        Add("LENGTH OCTET_LENGTH", 1, 1, (_, v) => (long)Values.Bytes(v[0]!).Length);
        Add("BIT_LENGTH", 1, 1, (_, v) => Values.Bytes(v[0]!).Length * 8L);
        Add("CHAR_LENGTH CHARACTER_LENGTH", 1, 1, (_, v) => v[0] is byte[] bytes ? bytes.Length : (long)T(v[0]).Length);
        Add("UPPER UCASE", 1, 1, (_, v) => T(v[0]).ToUpperInvariant());
        Add("LOWER LCASE", 1, 1, (_, v) => T(v[0]).ToLowerInvariant());
        Add("SUBSTRING SUBSTR MID", 2, 3, (_, v) => Substring(T(v[0]), Values.Integer(v[1]), v.Length == 3 ? Values.Integer(v[2]) : long.MaxValue));
        Add("LEFT", 2, 2, (_, v) => T(v[0]) is var text && text[..Math.Clamp(Length(v[1]), 0, text.Length)] is var cut ? cut : "");
        Add("RIGHT", 2, 2, (_, v) => T(v[0]) is var text ? text[^Math.Clamp(Length(v[1]), 0, text.Length)..] : "");
        Add("LTRIM", 1, 2, (_, v) => v.Length == 2 ? TrimBy(T(v[0]), T(v[1]), atStart: true, atEnd: false) : T(v[0]).TrimStart(' '));
        Add("RTRIM", 1, 2, (_, v) => v.Length == 2 ? TrimBy(T(v[0]), T(v[1]), atStart: false, atEnd: true) : T(v[0]).TrimEnd(' '));
        Add("TRIM", 1, 2, (_, v) => v.Length == 2 ? TrimBy(T(v[0]), T(v[1]), atStart: true, atEnd: true) : T(v[0]).Trim(' '));
        Add("REPLACE", 3, 3, (_, v) => T(v[1]).Length == 0 ? T(v[0]) : T(v[0]).Length * (T(v[2]).Length + 1L) > LongestText * 16L ? null : T(v[0]).Replace(T(v[1]), T(v[2]), StringComparison.Ordinal));
        Add("REPEAT", 2, 2, (_, v) => Math.Max(0, Length(v[1])) is var count && T(v[0]).Length * (long)count > LongestText ? null : new StringBuilder().Insert(0, T(v[0]), count).ToString());
        Add("SPACE", 1, 1, (_, v) => Length(v[0]) is >= 0 and <= LongestText and var count ? new string(' ', count) : null);
        Add("REVERSE", 1, 1, (_, v) => string.Concat(T(v[0]).Reverse()));
        Add("LPAD", 3, 3, (_, v) => Pad(T(v[0]), Length(v[1]), T(v[2]), atStart: true));
        Add("RPAD", 3, 3, (_, v) => Pad(T(v[0]), Length(v[1]), T(v[2]), atStart: false));
        Add("ASCII", 1, 1, (_, v) => Values.Bytes(v[0]!) is [var first, ..] ? (long)first : 0L);
        Add("ORD", 1, 1, (_, v) => v[0] is string { Length: > 0 } text ? Encoding.UTF8.GetBytes(text[..1]).Aggregate(0L, (sum, b) => (sum << 8) | b) : Values.Bytes(v[0]!) is [var first, ..] ? (long)first : 0L);
        Add("CHAR", 1, 64, (_, v) => v.Where(value => value is not null).SelectMany(value => Bigendian(Values.Integer(value))).ToArray(), nullForNull: false);
        Add("HEX", 1, 1, (_, v) => Values.IsNumber(v[0]) ? Values.Integer(v[0]).ToString("X", CultureInfo.InvariantCulture) : Convert.ToHexString(Values.Bytes(v[0]!)));
        Add("UNHEX", 1, 1, (_, v) => T(v[0]) is var hex && hex.All(char.IsAsciiHexDigit) ? Convert.FromHexString(hex.Length % 2 == 0 ? hex : "0" + hex) : null);
        Add("TO_BASE64", 1, 1, (_, v) => Convert.ToBase64String(Values.Bytes(v[0]!)));
        Add("FROM_BASE64", 1, 1, (_, v) => Base64.IsValid(T(v[0])) ? Convert.FromBase64String(T(v[0])) : null);
        Add("INSTR", 2, 2, (_, v) => T(v[0]).IndexOf(T(v[1]), StringComparison.OrdinalIgnoreCase) + 1L);
        Add("LOCATE", 2, 3, (_, v) => T(v[1]) is var text && v.Length == 3 && Length(v[2]) is var from && (from < 1 || from > text.Length) ? 0L : text.IndexOf(T(v[0]), v.Length == 3 ? Length(v[2]) - 1 : 0, StringComparison.OrdinalIgnoreCase) + 1L);
        Add("STRCMP", 2, 2, (_, v) => (long)Math.Sign(Values.Compare(T(v[0]), T(v[1]))!.Value));
        Add("FIELD", 2, 256, (_, v) => (long)(Array.FindIndex(v, 1, value => Values.Compare(v[0], value) == 0) is > 0 and var index ? index : 0), nullForNull: false);
        Add("FIND_IN_SET", 2, 2, (_, v) => Array.FindIndex(T(v[1]).Split(','), part => string.Equals(part, T(v[0]), StringComparison.OrdinalIgnoreCase)) + 1L);
        Add("SUBSTRING_INDEX", 3, 3, (_, v) => SubstringIndex(T(v[0]), T(v[1]), Length(v[2])));
        Add("INSERT", 4, 4, (_, v) => T(v[0]) is var text && Length(v[1]) is var at && (at < 1 || at > text.Length) ? text : text[..(Length(v[1]) - 1)] + T(v[3]) + text[Math.Min(text.Length, Length(v[1]) - 1 + Math.Max(0, Math.Min(Length(v[2]), text.Length)))..]);
        Add("REGEXP_LIKE", 2, 3, (e, v) => Values.Boolean(Match.IsRegexMatch(T(v[0]), T(v[1]), v.Length == 2 || !T(v[2]).Contains('c', StringComparison.Ordinal), e)));
        Add("QUOTE", 1, 1, (_, v) => "'" + T(v[0]).Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal) + "'");
        Add("JSON_QUOTE", 1, 1, (_, v) => "\"" + T(v[0]).Replace("\"", "\\\"", StringComparison.Ordinal) + "\"");
        Add("ISNULL", 1, 1, (_, v) => Values.Boolean(v[0] is null), nullForNull: false);
        Add("NULLIF", 2, 2, (_, v) => Values.Compare(v[0], v[1]) == 0 ? null : v[0], nullForNull: false);
    }

    private static void AddNumbers()
    {
        Add("GREATEST", 2, 64, (_, v) => v.Aggregate((a, b) => Values.Order(a, b) >= 0 ? a : b));
        Add("LEAST", 2, 64, (_, v) => v.Aggregate((a, b) => Values.Order(a, b) <= 0 ? a : b));
        Add("ABS", 1, 1, (_, v) => v[0] is long number && number != long.MinValue ? Math.Abs(number) : v[0] is decimal exact ? Math.Abs(exact) : Math.Abs(Values.Number(v[0])));
        Add("SIGN", 1, 1, (_, v) => (long)Math.Sign(Values.Number(v[0])));
        Add("FLOOR", 1, 1, (_, v) => v[0] is long ? v[0] : Whole(Math.Floor(Values.Number(v[0]))));
        Add("CEIL CEILING", 1, 1, (_, v) => v[0] is long ? v[0] : Whole(Math.Ceiling(Values.Number(v[0]))));
        Add("TRUNCATE", 2, 2, (_, v) => Math.Round(Values.Number(v[0]), Math.Clamp(Length(v[1]), 0, 15), MidpointRounding.ToZero));
        Add("ROUND", 1, 2, (_, v) => v[0] is long && (v.Length == 1 || Values.Integer(v[1]) >= 0) ? v[0] : v[0] is decimal exact ? Math.Round(exact, v.Length == 2 ? Math.Clamp(Length(v[1]), 0, 20) : 0, MidpointRounding.AwayFromZero) : Math.Round(Values.Number(v[0]), v.Length == 2 ? Math.Clamp(Length(v[1]), 0, 15) : 0, MidpointRounding.AwayFromZero));
        Add("MOD", 2, 2, (_, v) => Values.Number(v[1]) == 0 ? null : v[0] is long a && v[1] is long b ? (object)(b == -1 ? 0L : a % b) : Values.Number(v[0]) % Values.Number(v[1]));
        Add("POW POWER", 2, 2, (_, v) => Finite(Math.Pow(Values.Number(v[0]), Values.Number(v[1]))));
        Add("SQRT", 1, 1, (_, v) => Finite(Math.Sqrt(Values.Number(v[0]))));
        Add("EXP", 1, 1, (_, v) => Finite(Math.Exp(Values.Number(v[0]))));
        Add("LN LOG", 1, 1, (_, v) => Finite(Math.Log(Values.Number(v[0]))));
        Add("LOG2", 1, 1, (_, v) => Finite(Math.Log2(Values.Number(v[0]))));
        Add("LOG10", 1, 1, (_, v) => Finite(Math.Log10(Values.Number(v[0]))));
        Add("PI", 0, 0, (_, _) => 3.141593m);
        Add("RAND", 0, 1, (_, _) => RandomNumberGenerator.GetInt32(int.MaxValue) / (double)int.MaxValue);
        Add("BIN", 1, 1, (_, v) => Convert.ToString(Values.Integer(v[0]), 2));
        Add("OCT", 1, 1, (_, v) => Convert.ToString(Values.Integer(v[0]), 8));
        Add("CONV", 3, 3, (_, v) => Conv(T(v[0]), Length(v[1]), Length(v[2])));
        Add("FORMAT", 2, 3, (_, v) => Values.Number(v[0]).ToString("N" + Math.Clamp(Length(v[1]), 0, 30).ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture));
        Add("INET_ATON", 1, 1, (_, v) => System.Net.IPAddress.TryParse(T(v[0]), out System.Net.IPAddress? address) && address.GetAddressBytes() is { Length: 4 } bytes ? bytes.Aggregate(0L, (sum, b) => (sum << 8) | b) : null);
        Add("INET_NTOA", 1, 1, (_, v) => Values.Integer(v[0]) is >= 0 and <= uint.MaxValue and var number ? new System.Net.IPAddress(System.Net.IPAddress.HostToNetworkOrder((int)(uint)number) & 0xFFFFFFFFL).ToString() : null);
        Add("CRC32", 1, 1, (_, v) => (long)Crc32(Values.Bytes(v[0]!)));
    }

    private static void AddDigests()
    {
        Add("MD5", 1, 1, (_, v) => Convert.ToHexStringLower(MD5.HashData(Values.Bytes(v[0]!))));
        Add("SHA1 SHA", 1, 1, (_, v) => Convert.ToHexStringLower(SHA1.HashData(Values.Bytes(v[0]!))));
        Add("SHA2", 2, 2, (_, v) => Values.Integer(v[1]) switch
        {
            0 or 256 => Convert.ToHexStringLower(SHA256.HashData(Values.Bytes(v[0]!))),
            384 => Convert.ToHexStringLower(SHA384.HashData(Values.Bytes(v[0]!))),
            512 => Convert.ToHexStringLower(SHA512.HashData(Values.Bytes(v[0]!))),
            _ => null,
        });
    }

    private static string Substring(string text, long from, long length)
    {
        long start = from > 0 ? from - 1 : from < 0 ? text.Length + from : -1;
        return start < 0 || start >= text.Length || length <= 0 ? "" : text.Substring((int)start, (int)Math.Min(length, text.Length - start));
    }

    private static string TrimBy(string text, string what, bool atStart, bool atEnd)
    {
        ReadOnlySpan<char> left = text;
        while (atStart && what.Length > 0 && left.StartsWith(what, StringComparison.Ordinal))
        {
            left = left[what.Length..];
        }

        while (atEnd && what.Length > 0 && left.EndsWith(what, StringComparison.Ordinal))
        {
            left = left[..^what.Length];
        }

        return left.Length == text.Length ? text : left.ToString();
    }

    private static string? Pad(string text, int length, string with, bool atStart)
    {
        if (length is < 0 or > LongestText || (with.Length == 0 && length > text.Length))
        {
            return null;
        }

        if (length <= text.Length)
        {
            return text[..length];
        }

        string padding = string.Create(length - text.Length, with, static (span, fill) =>
        {
            for (int i = 0; i < span.Length; i++)
            {
                span[i] = fill[i % fill.Length];
            }
        });
        return atStart ? padding + text : text + padding;
    }

    private static string SubstringIndex(string text, string separator, int count)
    {
        if (separator.Length == 0 || count == 0)
        {
            return "";
        }

        string[] parts = text.Split(separator);
        return string.Join(separator, count > 0 ? parts.Take(count) : parts.Skip(Math.Max(0, parts.Length + count)));
    }

    private static IEnumerable<byte> Bigendian(long value)
    {
        byte[] bytes = [(byte)(value >> 24), (byte)(value >> 16), (byte)(value >> 8), (byte)value];
        return bytes.SkipWhile((b, i) => b == 0 && i < 3);
    }

    private static string? Conv(string text, int from, int to)
    {
        if (Math.Abs(from) is < 2 or > 36 || Math.Abs(to) is < 2 or > 36)
        {
            return null;
        }

        const string digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
        ulong value = 0;
        foreach (int digit in text.ToUpperInvariant().Select(c => digits.IndexOf(c, StringComparison.Ordinal)).TakeWhile(digit => digit >= 0 && digit < Math.Abs(from)))
        {
            value = unchecked((value * (ulong)Math.Abs(from)) + (ulong)digit);
        }

        StringBuilder result = new();
        do
        {
            result.Insert(0, digits[(int)(value % (ulong)Math.Abs(to))]);
            value /= (ulong)Math.Abs(to);
        }
        while (value > 0);
        return result.ToString();
    }

    private static long Whole(double value) => (long)Math.Clamp(value, -9.2e18, 9.2e18);

    private static double? Finite(double value) => double.IsFinite(value) ? value : double.IsNaN(value) ? null : throw new MySqlException(new MySqlError(1690, "22003", "DOUBLE value is out of range"));

    private static uint Crc32(byte[] bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte b in bytes)
        {
            crc ^= b;
            for (int i = 0; i < 8; i++)
            {
                crc = (crc & 1) != 0 ? (crc >> 1) ^ 0xEDB88320 : crc >> 1;
            }
        }

        return ~crc;
    }
}
