using Blackwall.Tarpit.Files;
using Blackwall.Tarpit.Shell.Commands;

namespace Blackwall.Tarpit.Shell.Entries;

/// <summary>Colours of names in listings, as the distribution's LS_COLORS has them.</summary>
internal static class FileColors
{
    /// <summary>A name as <c>--color</c> writes it.</summary>
    public static string Of(Invocation i, string name, Node node)
    {
        string? wanted = i.Arguments.FirstOrDefault(argument => argument.StartsWith("--color", StringComparison.Ordinal));
        if (wanted is null or "--color=never" || (wanted is "--color=auto" && (i.State.Io.Terminal is null || i.Streams.Output is not PeerOutput)))
        {
            return name;
        }

        string? code = node switch
        {
            FolderNode when (node.Mode & 0x202) == 0x202 => "30;42",
            FolderNode => "01;34",
            LinkNode => "01;36",
            DeviceNode => "40;33;01",
            SocketNode => "01;35",
            PipeNode => "40;33",
            _ when (node.Mode & 0x800) != 0 => "37;41",
            _ when (node.Mode & 0x49) != 0 => "01;32",
            _ when name.EndsWith(".gz", StringComparison.Ordinal) || name.EndsWith(".tgz", StringComparison.Ordinal) || name.EndsWith(".zip", StringComparison.Ordinal) || name.EndsWith(".tar", StringComparison.Ordinal) || name.EndsWith(".deb", StringComparison.Ordinal) => "01;31",
            _ => null,
        };
        return code is null ? name : $"\x1b[{code}m{name}\x1b[0m";
    }
}
