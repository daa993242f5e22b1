namespace Blackwall.Tarpit.World.Packages;

/// <summary>A package of the distribution that is installed, as dpkg knows it.</summary>
/// <param name="Kilobytes">Of its files.</param>
/// <param name="Depends">Names of other installed packages.</param>
/// <param name="Parts">Its folders, and where the list of files names what is in each.</param>
internal sealed record Package(string Name, string Version, string Section, string Priority, int Kilobytes, string Depends, string Summary, IReadOnlyList<PackagePart> Parts)
{
    public bool IsForAll => Section is "metapackages" or "python" or "perl" or "localization" || Name.EndsWith("-common", StringComparison.Ordinal) || Name.EndsWith("-data", StringComparison.Ordinal) || Name.StartsWith("python3-", StringComparison.Ordinal);

    public string Architecture => IsForAll ? "all" : "amd64";

    /// <summary>As dpkg writes it where several architectures may be installed: "libc6:amd64".</summary>
    public string FullName => Name.StartsWith("lib", StringComparison.Ordinal) && !IsForAll && Section is "libs" ? Name + ":amd64" : Name;
}
