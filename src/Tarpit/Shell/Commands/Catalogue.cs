using System.Collections.Frozen;

namespace Blackwall.Tarpit.Shell.Commands;

/// <summary>Every command that answers, by name.</summary>
internal static class Catalogue
{
    /// <summary>What the shell does itself.</summary>
    public static FrozenDictionary<string, CommandBody> Builtins { get; } = Builtin.All.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>What lies in /usr/bin and /usr/sbin.</summary>
    public static FrozenDictionary<string, CommandBody> Programs { get; } = Join(
        Entries.EntryCommands.All, ListingCommands.All, DiskCommands.All, MountCommands.All, TextCommands.All, SystemCommands.All, ProcessCommands.All, SessionCommands.All, ServiceCommands.All, CronCommands.All,
        NetworkCommands.All, FilterCommands.All, RemoteCommands.All, PackageCommands.All, AccountCommands.All, GroupCommands.All, RunCommands.All, SudoCommands.All, BusyboxCommand.All, ScreenCommands.All, LanguageCommands.All,
        PackCommands.All, NodeCommands.All, ToolCommands.All, HardwareCommands.All, DatabaseCommands.All,
        Text.TextTools.All, Text.EncodingCommands.All, Text.OrderCommands.All, Archives.ArchiveCommands.All, Archives.BlockSortCommands.All);

    // A name that stands twice is a fault, and ends the start.
    private static FrozenDictionary<string, CommandBody> Join(params IEnumerable<IReadOnlyDictionary<string, CommandBody>> parts) =>
        parts.SelectMany(part => part).ToFrozenDictionary(part => part.Key, part => DeclaredOptions.Checked(part.Key, part.Value), StringComparer.Ordinal);
}
