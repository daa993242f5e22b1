using System.Collections.Frozen;

namespace Blackwall.Tarpit.Shell.Commands;

/// <summary>Every command that answers, by name.</summary>
internal static class Catalogue
{
    /// <summary>What the shell does itself.</summary>
    public static FrozenDictionary<string, CommandBody> Builtins { get; } = Builtin.All.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>What lies in /usr/bin and /usr/sbin.</summary>
    public static FrozenDictionary<string, CommandBody> Programs { get; } =
        FileCommands.All.Concat(ListingCommands.All).Concat(DiskCommands.All).Concat(TextCommands.All).Concat(FilterCommands.All).Concat(DigestCommands.All).Concat(SystemCommands.All)
            .Concat(ProcessCommands.All).Concat(SessionCommands.All).Concat(ServiceCommands.All).Concat(CronCommands.All).Concat(NetworkCommands.All).Concat(RemoteCommands.All).Concat(TransferCommands.All)
            .Concat(PackageCommands.All).Concat(AccountCommands.All).Concat(GroupCommands.All).Concat(RunCommands.All)
            .ToFrozenDictionary(StringComparer.Ordinal);
}
