namespace Blackwall.Cli.Programs;

/// <summary>Finds the product's programs beside this one, or where the source tree builds them.</summary>
internal sealed class ProgramStarter : IProgramStarter
{
    // Folder of the source tree below src, by program.
    private static readonly Dictionary<string, string> Projects = new(StringComparer.Ordinal)
    {
        ["blackwall-appliance"] = "Appliance",
        ["blackwall-tui"] = "Tui",
    };

    /// <inheritdoc/>
    public int Become(string program, IReadOnlyList<string> arguments)
    {
        string[] command = [.. Command(program), .. arguments];
        return ProcessImage.Replace(command) switch
        {
            var error => throw new CliException(CliExit.NoProgram, $"{command[0]} cannot be started (error {error})."),
        };
    }

    private static IEnumerable<string> Command(string program)
    {
        string here = AppContext.BaseDirectory;
        string project = Projects[program];

        // .../src/Cli/bin/CONFIGURATION/FRAMEWORK/ of the source tree.
        string built = Path.GetFullPath(Path.Combine(here, "..", "..", "..", "..", project, "bin", Up(here, 2), Up(here, 1)));
        foreach (string folder in new[] { here, built })
        {
            string native = Path.Combine(folder, program);
            string managed = native + ".dll";

            // What brings its own runtime is started as it is; of what does not, the apphost looks for one only in some places.
            if (File.Exists(managed) && !File.Exists(Path.Combine(folder, "libcoreclr.so")) && Dotnet() is { } dotnet)
            {
                return [dotnet, managed];
            }

            if (File.Exists(native))
            {
                return [native];
            }
        }

        throw new CliException(CliExit.NoProgram, $"{program} is not beside this program ({here}), and no source tree has built it. Install the package blackwall, or run './blackwall build'.");
    }

    private static string Up(string folder, int levels)
    {
        string[] parts = folder.Split('/', StringSplitOptions.RemoveEmptyEntries);
        return parts.Length < levels ? "" : parts[^levels];
    }

    private static string? Dotnet() =>
        Environment.ProcessPath is { } own && Path.GetFileName(own) is "dotnet"
            ? own
            : (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Select(folder => Path.Combine(folder, "dotnet")).FirstOrDefault(File.Exists);
}
