using Blackwall.Tarpit.Files;

namespace Blackwall.Tarpit.Shell.Execution;

/// <summary>Operators of test and [[ (bash(1), CONDITIONAL EXPRESSIONS).</summary>
internal static class TestOperators
{
    public static bool IsUnary(string word) => word.Length == 2 && word[0] == '-' && "abcdefghkprstuwxzGLNOSRnov".Contains(word[1], StringComparison.Ordinal);

    public static bool IsBinary(string word) => word is "=" or "==" or "!=" or "<" or ">" or "=~" or "-eq" or "-ne" or "-lt" or "-le" or "-gt" or "-ge" or "-nt" or "-ot" or "-ef";

    /// <summary>-f word and its like.</summary>
    public static bool Unary(char operation, string operand, ShellState state, ShellStreams streams)
    {
        switch (operation)
        {
            case 'n':
                return operand.Length > 0;
            case 'z':
                return operand.Length == 0;
            case 'v':
                return IsSet(operand, state);
            case 'R':
                return state.Variables.FindItself(operand) is { IsReference: true, Value: not null };
            case 'o':
                return state.Has(operand);
            case 't':
                return state.Io.Terminal is not null && (operand switch { "0" => streams.Input.IsPeer, "1" => streams.Output is PeerOutput, "2" => streams.Error is PeerOutput, _ => false });
        }

        if (operand.Length == 0)
        {
            return false;
        }

        if (operation is 'e' && ShellStreams.Number(state.Path(operand).Replace($"/proc/{state.Process}/fd/", "/dev/fd/", StringComparison.Ordinal).Replace("/proc/self/fd/", "/dev/fd/", StringComparison.Ordinal)) is { } descriptor && streams.Get(descriptor) is not null)
        {
            return true;
        }

        state.OpenFiles.Flush(state.Log);
        Node? node = state.Files.Find(state.Path(operand), follow: operation is not ('L' or 'h'));
        if (node is null)
        {
            return false;
        }

        int user = state.Visit.UserId;
        return operation switch
        {
            'f' => node is FileNode,
            'd' => node is FolderNode,
            'L' or 'h' => node is LinkNode,
            's' => node is FileNode file ? file.Content.Size > 0 : node is FolderNode,
            'r' => Access.MayRead(node, user),
            'w' => Access.MayWrite(node, user),
            'x' => Access.MayExecute(node, user),
            'c' => node.Letter == 'c',
            'b' => node.Letter == 'b',
            'S' => node is SocketNode,
            'p' => node.Letter == 'p',
            'k' => (node.Mode & 0x200) != 0,
            'u' => (node.Mode & 0x800) != 0,
            'g' => (node.Mode & 0x400) != 0,
            'O' => node.User == user,
            'G' => node.Group == user,
            'N' => false,
            _ => true,
        };
    }

    /// <summary>Comparisons of files and of texts, but not of patterns; null: it is another operator.</summary>
    public static bool? Files(string left, string operation, string right, ShellState state)
    {
        switch (operation)
        {
            case "-nt" or "-ot":
                Node? a = state.Files.Find(state.Path(left)), b = state.Files.Find(state.Path(right));
                return operation is "-nt" ? a is not null && (b is null || a.Modified > b.Modified) : b is not null && (a is null || a.Modified < b.Modified);
            case "-ef":
                return state.Files.Resolve(state.Path(left), follow: true, out _) is (var first, not null) && state.Files.Resolve(state.Path(right), follow: true, out _) is (var second, not null) && (string.Equals(first, second, StringComparison.Ordinal) || ReferenceEquals(state.Files.Find(first), state.Files.Find(second)));
            default:
                return null;
        }
    }

    /// <summary>-eq and its like.</summary>
    public static bool Numbers(long left, string operation, long right) => operation switch
    {
        "-eq" => left == right,
        "-ne" => left != right,
        "-lt" => left < right,
        "-le" => left <= right,
        "-gt" => left > right,
        _ => left >= right,
    };

    private static bool IsSet(string name, ShellState state)
    {
        int open = name.IndexOf('[', StringComparison.Ordinal);
        if (open > 0 && name.EndsWith(']'))
        {
            string key = name[(open + 1)..^1];
            if (state.Variables.Find(name[..open])?.Array is not { } array)
            {
                return key is "0" && state.Variables.Find(name[..open])?.Value is not null;
            }

            return key is "@" or "*" ? array.Count > 0 : array.Has(state.Key(array.IsAssociative, key));
        }

        return Expansion.ShellParameters.Find(state, name) is not null;
    }
}
