using Blackwall.Tarpit.Shell.Commands;

namespace Blackwall.Tarpit.Shell.Entries;

/// <summary>Programs that show, make, move and remove entries of the file system, by name.</summary>
internal static class EntryCommands
{
    public static Dictionary<string, CommandBody> All { get; } = new(StringComparer.Ordinal)
    {
        ["ls"] = ListCommand.RunAsync,
        ["dir"] = ListCommand.RunAsync,
        ["vdir"] = ListCommand.RunAsync,
        ["stat"] = StatCommand.RunAsync,
        ["cp"] = CopyFiles.CopyAsync,
        ["install"] = CopyFiles.InstallAsync,
        ["ginstall"] = CopyFiles.InstallAsync,
        ["mv"] = MoveFiles.MoveAsync,
        ["ln"] = MoveFiles.LinkAsync,
        ["link"] = i => MoveFiles.LinkAsync(i with { Arguments = ["-T", .. i.Arguments] }),
        ["rm"] = RemoveFiles.RemoveAsync,
        ["rmdir"] = RemoveFiles.RemoveFolderAsync,
        ["unlink"] = RemoveFiles.UnlinkAsync,
        ["mkdir"] = FolderCommands.MakeAsync,
        ["chmod"] = ModeCommands.ModeAsync,
        ["chown"] = ModeCommands.OwnerAsync,
        ["chgrp"] = ModeCommands.OwnerAsync,
        ["truncate"] = TruncateCommand.RunAsync,
        ["touch"] = TouchCommand.RunAsync,
        ["mktemp"] = TouchCommand.MakeTemporaryAsync,
    };
}
