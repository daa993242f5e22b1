using System.Globalization;
using Blackwall.Tarpit.Files;

namespace Blackwall.Tarpit.Shell.Commands;

/// <summary>The tests of find(1) that are used in practice; all must hold, unless -o stands between them.</summary>
internal static class FindExpression
{
    public static Func<string, Node, bool> Parse(Invocation i, IReadOnlyList<string> words, out int depth)
    {
        depth = 30;
        List<List<Func<string, Node, bool>>> alternatives = [[]];
        bool negated = false;
        for (int at = 0; at < words.Count; at++)
        {
            string word = words[at];
            string value = at + 1 < words.Count ? words[at + 1] : "";
            Func<string, Node, bool>? test = null;
            switch (word)
            {
                case "-name" or "-iname":
                    bool exact = word is "-name";
                    test = (path, _) => Globs.IsMatch(exact ? value : Lower(value), exact ? path.Split('/')[^1] : Lower(path.Split('/')[^1]));
                    break;
                case "-path":
                    test = (path, _) => Globs.IsMatch(value, path);
                    break;
                case "-type":
                    test = (_, node) => value.Length > 0 && node.Letter == (value[0] == 'f' ? '-' : value[0]);
                    break;
                case "-user":
                    test = (_, node) => string.Equals(Accounts.UserName(i.Files, node.User), value, StringComparison.Ordinal);
                    break;
                case "-perm":
                    int bits = Bits(value);
                    test = (_, node) => value.StartsWith('-') ? (node.Mode & bits) == bits : value.StartsWith('/') ? (node.Mode & bits) != 0 : node.Mode == bits;
                    break;
                case "-size":
                    test = (_, node) => IsSize(node, value);
                    break;
                case "-mtime" or "-mmin":
                    TimeSpan unit = word is "-mtime" ? TimeSpan.FromDays(1) : TimeSpan.FromMinutes(1);
                    test = (_, node) => IsAge(i.Machine.Now - node.Modified, value, unit);
                    break;
                case "-maxdepth":
                    depth = int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int given) ? Math.Min(given, depth) : depth;
                    at++;
                    continue;
                case "-writable":
                    alternatives[^1].Add((_, node) => Access.MayWrite(node, i.State.Visit.UserId) != negated);
                    continue;
                case "-executable":
                    alternatives[^1].Add((_, node) => Access.MayExecute(node, i.State.Visit.UserId) != negated);
                    continue;
                case "-o" or "-or":
                    alternatives.Add([]);
                    continue;
                case "!" or "-not":
                    negated = true;
                    continue;
                default:
                    continue;
            }

            bool negative = negated;
            negated = false;
            alternatives[^1].Add((path, node) => test(path, node) != negative);
            at++;
        }

        return (path, node) => alternatives.Any(all => all.TrueForAll(test => test(path, node)));
    }

    private static string Lower(string text) => string.Concat(text.Select(char.ToLowerInvariant));

    private static int Bits(string value)
    {
        string digits = value.TrimStart('-', '/');
        return digits.Length is > 0 and <= 5 && digits.All(c => c is >= '0' and <= '7') ? Convert.ToInt32(digits, 8) : value.Contains("u=s", StringComparison.Ordinal) ? 0x800 : 0;
    }

    private static bool IsSize(Node node, string value)
    {
        long size = node is FileNode file ? file.Content.Size : 4096;
        string digits = value.TrimStart('+', '-').TrimEnd('c', 'k', 'M', 'G', 'b');
        long unit = value.Length == 0 ? 512 : value[^1] switch { 'c' => 1, 'k' => 1024, 'M' => 1 << 20, 'G' => 1 << 30, _ => 512 };
        if (!long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out long number))
        {
            return false;
        }

        long units = (size + unit - 1) / unit;
        return value[0] == '+' ? units > number : value[0] == '-' ? units < number : units == number;
    }

    private static bool IsAge(TimeSpan age, string value, TimeSpan unit)
    {
        long units = (long)(age / unit);
        return long.TryParse(value.TrimStart('+', '-'), NumberStyles.None, CultureInfo.InvariantCulture, out long number)
            && (value[0] == '+' ? units > number : value[0] == '-' ? units < number : units == number);
    }
}
