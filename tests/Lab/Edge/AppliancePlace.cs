namespace Blackwall.Lab.Edge;

/// <summary>Where the built programs lie: beside this lab in the same tree, in the same configuration.</summary>
public static class AppliancePlace
{
    /// <summary>The appliance itself.</summary>
    /// <exception cref="FileNotFoundException">It is not built.</exception>
    public static string Find() => Find("Appliance", "blackwall-appliance.dll");

    /// <summary>The command line.</summary>
    /// <exception cref="FileNotFoundException">It is not built.</exception>
    public static string FindCli() => Find("Cli", "blackwall.dll");

    private static string Find(string project, string assembly)
    {
        // .../tests/PROJECT/bin/CONFIGURATION/FRAMEWORK/
        var output = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd('/'));
        var path = Path.Combine(Root(output).FullName, "src", project, "bin", output.Parent!.Name, output.Name, assembly);
        return File.Exists(path) ? path : throw new FileNotFoundException($"{assembly} is not built; run './blackwall build'.", path);
    }

    private static DirectoryInfo Root(DirectoryInfo start)
    {
        for (var folder = start; folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Blackwall.sln")))
            {
                return folder;
            }
        }

        throw new FileNotFoundException("The lab runs from its source tree: there is no Blackwall.sln above it.", start.FullName);
    }
}
