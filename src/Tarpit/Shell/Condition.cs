using System.Globalization;
using Blackwall.Tarpit.Files;

namespace Blackwall.Tarpit.Shell;

/// <summary>test, [ and [[.</summary>
internal sealed class Condition(IReadOnlyList<string> words, ShellState state, bool isExtended)
{
    private const int Deepest = 200;

    private int _at;
    private int _depth;

    /// <summary>0: it holds; 1: it does not.</summary>
    public int Evaluate() => words.Count > 0 && Or() ? 0 : 1;

    private string Peek => _at < words.Count ? words[_at] : "";

    private bool Or()
    {
        bool value = And();
        while (Peek is "-o" or "||")
        {
            _at++;
            value |= And();
        }

        return value;
    }

    private bool And()
    {
        bool value = Not();
        while (Peek is "-a" or "&&")
        {
            _at++;
            value &= Not();
        }

        return value;
    }

    private bool Not()
    {
        bool isNegated = false;
        while (Peek is "!" && words.Count - _at > 1)
        {
            _at++;
            isNegated = !isNegated;
        }

        if (Peek is "(" && words.Count - _at > 2)
        {
            if (++_depth > Deepest)
            {
                // What is nested deeper does not hold.
                _at = words.Count;
                return false;
            }

            _at++;
            bool value = Or();
            _at += Peek is ")" ? 1 : 0;
            _depth--;
            return value != isNegated;
        }

        return Primary() != isNegated;
    }

    private bool Primary()
    {
        string first = Peek;
        _at++;
        if (_at < words.Count && IsBinary(words[_at]) && _at + 1 < words.Count)
        {
            string operation = words[_at], second = words[_at + 1];
            _at += 2;
            return Compare(first, operation, second);
        }

        if (first.Length == 2 && first[0] == '-' && _at < words.Count && words[_at] is not ("-a" or "-o" or "&&" or "||"))
        {
            string operand = words[_at++];
            return Unary(first[1], operand);
        }

        return first.Length > 0;
    }

    private static bool IsBinary(string word) =>
        word is "=" or "==" or "!=" or "=~" or "<" or ">" or "-eq" or "-ne" or "-lt" or "-le" or "-gt" or "-ge" or "-nt" or "-ot" or "-ef";

    private bool Compare(string left, string operation, string right)
    {
        switch (operation)
        {
            case "=" or "==":
                return isExtended ? Globs.IsMatch(right, left) : string.Equals(left, right, StringComparison.Ordinal);
            case "!=":
                return isExtended ? !Globs.IsMatch(right, left) : !string.Equals(left, right, StringComparison.Ordinal);
            case "=~":
                return IsMatch(left, right);
            case "<":
                return string.CompareOrdinal(left, right) < 0;
            case ">":
                return string.CompareOrdinal(left, right) > 0;
            case "-nt" or "-ot":
                return (state.Files.Find(state.Path(left))?.Modified ?? default) > (state.Files.Find(state.Path(right))?.Modified ?? default) == operation is "-nt";
            case "-ef":
                return string.Equals(state.Path(left), state.Path(right), StringComparison.Ordinal);
        }

        if (!long.TryParse(left.Trim(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long a)
            || !long.TryParse(right.Trim(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long b))
        {
            return false;
        }

        return operation switch
        {
            "-eq" => a == b,
            "-ne" => a != b,
            "-lt" => a < b,
            "-le" => a <= b,
            "-gt" => a > b,
            _ => a >= b,
        };
    }

    private bool Unary(char kind, string operand)
    {
        if (kind is 'n' or 'z')
        {
            return operand.Length > 0 == (kind == 'n');
        }

        if (kind == 'v')
        {
            return state.Variables.ContainsKey(operand);
        }

        if (kind == 't')
        {
            return state.Io.Terminal is not null;
        }

        Node? node = state.Files.Find(state.Path(operand), follow: kind is not ('h' or 'L'));
        int user = state.Visit.UserId;
        return node is not null && kind switch
        {
            'e' or 'a' => true,
            'f' => node is FileNode,
            'd' => node is FolderNode,
            'h' or 'L' => node is LinkNode,
            's' => node is FolderNode || (node is FileNode file && file.Content.Size > 0),
            'r' => Access.MayRead(node, user),
            'w' => Access.MayWrite(node, user),
            'x' => Access.MayExecute(node, user),
            'c' => node is DeviceNode,
            'O' => node.User == user,
            'u' => (node.Mode & 0x800) != 0,
            _ => false,
        };
    }

    // What matched, and its parts, are in BASH_REMATCH.
    private bool IsMatch(string left, string right)
    {
        System.Text.RegularExpressions.Match? match = Patterns.Compile(right, ignoreCase: false)?.Match(left);
        ShellArray found = state.Array("BASH_REMATCH");
        found.Clear();
        if (match is not { Success: true })
        {
            return false;
        }

        foreach (string part in match.Groups.Values.Select(group => group.Value))
        {
            found.Add(part);
        }

        return true;
    }
}
