using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Blackwall.Tarpit.Files;

namespace Blackwall.Tarpit.World.Packages;

/// <summary>/var/lib/dpkg: what is installed, as dpkg keeps it. Lengths follow from the list of files, bytes are made when they are read.</summary>
internal static class DpkgFiles
{
    private const int Md5Digits = 32;

    public static void AddTo(TreeBuilder tree, PackageList packages)
    {
        Machine machine = tree.Machine;
        byte[]? status = null;
        byte[] Status() => status ??= Encoding.UTF8.GetBytes(string.Concat(packages.All.Select(Stanza)));
        tree.Put("/var/lib/dpkg/status", new FileNode { Content = new GeneratedContent(Status), Modified = machine.Upgraded });
        tree.Put("/var/lib/dpkg/status-old", new FileNode { Content = new GeneratedContent(Status), Modified = machine.Upgraded.AddMinutes(-1) });
        tree.Text("/var/lib/dpkg/available", "", 0x1A4);
        tree.Text("/var/lib/dpkg/arch", "amd64\ni386\n");
        tree.Text("/var/lib/dpkg/lock", "", 0x1A0);
        tree.Text("/var/lib/dpkg/lock-frontend", "", 0x1A0);
        tree.Text("/var/lib/dpkg/diversions", "");
        tree.Text("/var/lib/dpkg/info/format", "1\n");
        foreach (Package package in packages.All)
        {
            string place = "/var/lib/dpkg/info/" + package.FullName;
            tree.Put(place + ".list", new FileNode { Content = new GeneratedContent(() => List(packages, package)), Modified = machine.Upgraded.AddMinutes(-3) });
            tree.Put(place + ".md5sums", new FileNode { Content = new SizedContent(() => Sums(packages, package), SumsLength(packages, package)), Modified = PackageList.Built(package) });
        }
    }

    /// <summary>What dpkg -s shows.</summary>
    public static string Stanza(Package package) => string.Create(CultureInfo.InvariantCulture, $"Package: {package.Name}\nStatus: install ok installed\nPriority: {package.Priority}\nSection: {package.Section}\nInstalled-Size: {package.Kilobytes}\nMaintainer: Ubuntu Developers <ubuntu-devel-discuss@lists.ubuntu.com>\nArchitecture: {package.Architecture}\n{(package.FullName.Contains(':', StringComparison.Ordinal) ? "Multi-Arch: same\n" : "")}Version: {package.Version}\n{(package.Depends.Length > 0 ? $"Depends: {package.Depends}\n" : "")}Description: {package.Summary}\n\n");

    private static byte[] List(PackageList packages, Package package) => Encoding.UTF8.GetBytes(string.Join('\n', packages.Paths(package)) + "\n");

    private static byte[] Sums(PackageList packages, Package package)
    {
        StringBuilder text = new();
        foreach (PackagePart part in package.Parts.Where(IsSummed))
        {
            foreach (PackagedFile file in packages.Files(part).Where(file => file.Target is null))
            {
                // The sum of what the file has, without making all of it: dpkg -V compares nodes.
                text.Append(Convert.ToHexStringLower(MD5.HashData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{part.Folder}/{file.Name}/{file.Size}")))))
                    .Append("  ").Append(part.Folder.AsSpan(1)).Append('/').Append(file.Name).Append('\n');
            }
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private static long SumsLength(PackageList packages, Package package) =>
        package.Parts.Where(IsSummed).Sum(part => packages.Files(part).Where(file => file.Target is null).Sum(file => (long)Md5Digits + 2 + part.Folder.Length + file.Name.Length + 1));

    // Settings are not among them.
    private static bool IsSummed(PackagePart part) => !part.Folder.StartsWith("/etc", StringComparison.Ordinal);
}
