using System.Collections;
using Blackwall.Config;
using Blackwall.Storage;

namespace Blackwall.Service;

/// <summary>Tells whether this version, or another whose steps are given, can read the state folder; the package asks before it touches anything.</summary>
internal static class CheckStateCommand
{
    public const string Usage = "check-state [--list | --known FILE] [--state FOLDER] [--config FILE]";

    /// <returns>Exit code: 0 it can; 64 not understood; 66 FILE cannot be read; 73 the state is newer, or cannot be read; 78 the configuration cannot be read.</returns>
    public static int Run(string[] arguments, IDictionary environment, TextWriter output, TextWriter errors)
    {
        string[] own = [.. FeatureList.All.SelectMany(feature => feature.Migrations.Select(step => StateCheck.Word(feature.Name, step.Number)))];
        switch (arguments)
        {
            case ["--help" or "-h"]:
                output.WriteLine($"usage: blackwall-appliance {Usage}");
                return 0;
            case ["--list"]:
                output.WriteLine(string.Join('\n', own));
                return 0;
            case ["--known", string file, .. string[] rest]:
                try
                {
                    return Check(rest, [.. File.ReadLines(file).Select(line => line.Trim()).Where(line => line.Length > 0)], environment, output, errors);
                }
                catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
                {
                    return Startup.Refuse(errors, 66, [$"{file} cannot be read: {unreadable.Message}"]);
                }

            default:
                return Check(arguments, [.. own], environment, output, errors);
        }
    }

    private static int Check(string[] arguments, HashSet<string> known, IDictionary environment, TextWriter output, TextWriter errors)
    {
        if (CommandLine.TryParse(arguments, out string? misunderstood) is not { } line)
        {
            return Startup.Refuse(errors, Startup.BadUsage, [misunderstood!, $"usage: blackwall-appliance {Usage}"]);
        }

        if (ApplianceConfig.TryLoad(line, environment, FeatureList.Sections(FeatureList.All), out IReadOnlyList<string> wrong) is not { } config)
        {
            return Startup.Refuse(errors, Startup.BadConfig, wrong);
        }

        string folder = config.Get<StorageOptions>().StateFolder;
        try
        {
            if (StateCheck.Unknown(config.Get<StorageOptions>().DatabasePath, known, out bool damaged) is [string first, ..])
            {
                return Startup.Refuse(errors, Startup.NoState, [$"The state folder {folder} was written by a newer version (step {first}), which an older one cannot read; keep the newer version, or restore a backup of the folder that is as old as the version."]);
            }

            output.WriteLine(damaged
                ? $"The database in {folder} is damaged; a start puts it aside and takes the decisions back from the standing wall."
                : $"The state folder {folder} can be read.");
        }
        catch (StoreException unreadable)
        {
            return Startup.Refuse(errors, Startup.NoState, [$"The state folder {folder} cannot be read: {unreadable.Message}"]);
        }

        return 0;
    }
}
