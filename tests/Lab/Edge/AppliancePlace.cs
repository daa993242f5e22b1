namespace Blackwall.Lab.Edge;

/// <summary>Where the built appliance lies: beside this lab in the same tree, in the same configuration.</summary>
public static class AppliancePlace
{
    private const string Assembly = "blackwall-appliance.dll";

    /// <exception cref="FileNotFoundException">It is not built.</exception>
    public static string Find()
    {
        // .../tests/PROJECT/bin/CONFIGURATION/FRAMEWORK/
        var output = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd('/'));
        var path = Path.Combine(Root(output).FullName, "src", "Appliance", "bin", output.Parent!.Name, output.Name, Assembly);
        return File.Exists(path) ? path : throw new FileNotFoundException("The appliance is not built; run './blackwall build'.", path);
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
