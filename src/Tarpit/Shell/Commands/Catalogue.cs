using System.Collections.Frozen;

namespace Blackwall.Tarpit.Shell.Commands;

/// <summary>Every command that answers, by name.</summary>
internal static class Catalogue
{
    /// <summary>What the shell does itself.</summary>
    public static FrozenDictionary<string, CommandBody> Builtins { get; } = Builtin.All.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>What lies in /usr/bin and /usr/sbin.</summary>
    public static FrozenDictionary<string, CommandBody> Programs { get; } =
        FileCommands.All.Concat(ListingCommands.All).Concat(DiskCommands.All).Concat(TextCommands.All).Concat(Text.TextTools.All).Concat(Text.EncodingCommands.All).Concat(Archives.ArchiveCommands.All).Concat(SystemCommands.All)
            .Concat(ProcessCommands.All).Concat(NetworkCommands.All).Concat(TransferCommands.All).Concat(AccountCommands.All).Concat(RunCommands.All)
            .ToFrozenDictionary(StringComparer.Ordinal);
}
