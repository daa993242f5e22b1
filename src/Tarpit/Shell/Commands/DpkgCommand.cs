using System.Globalization;
using System.Text;
using Blackwall.Tarpit.Files;
using Blackwall.Tarpit.World.Packages;

namespace Blackwall.Tarpit.Shell.Commands;

/// <summary>dpkg: what is installed, which file is whose, and what was changed of it.</summary>
internal static class DpkgCommand
{
    public static async ValueTask<int> RunAsync(Invocation i)
    {
        PackageList packages = PackageCommands.Packages(i);
        string verb = i.Arguments.FirstOrDefault(argument => argument.StartsWith('-')) ?? "";
        string[] operands = [.. i.Operands];
        switch (verb)
        {
            case "-l" or "--list":
                return await ListAsync(i, operands);
            case "-s" or "--status":
                return await EachAsync(i, operands, package => DpkgFiles.Stanza(package), "package '{0}' is not installed and no information is available");
            case "-L" or "--listfiles":
                return await EachAsync(i, operands, package => string.Concat(packages.Paths(package).Select(path => path + "\n")), "package '{0}' is not installed");
            case "-S" or "--search":
                return await SearchAsync(i, operands);
            case "-V" or "--verify":
                return await VerifyAsync(i, operands);
            case "-W" or "--show" or "-f" or "-Wf":
                return await ShowAsync(i, operands);
            case "--get-selections":
                return await SystemCommands.PrintAsync(i, string.Concat(packages.All.Select(package => $"{package.FullName,-48}install\n")));
            case "--print-architecture":
                return await SystemCommands.PrintAsync(i, "amd64\n");
            case "--version":
                return await SystemCommands.PrintAsync(i, "Debian 'dpkg' package management program version 1.22.6 (amd64).\nThis is free software; see the GNU General Public License version 2 or\nlater for copying conditions. There is NO warranty.\n");
            case "-i" or "--install" or "-r" or "--remove" or "-P" or "--purge" or "--configure":
                if (i.State.Visit.UserId != 0)
                {
                    await i.Streams.Error.WriteAsync("dpkg: error: requested operation requires superuser privilege\n", i.Cancellation);
                    return 2;
                }

                if (verb is "-i" or "--install" && operands.FirstOrDefault(name => i.Files.Find(i.State.Path(name)) is null) is { } missing)
                {
                    await i.Streams.Error.WriteAsync($"dpkg: error: cannot access archive '{missing}': No such file or directory\n", i.Cancellation);
                    return 2;
                }

                await i.Streams.Error.WriteAsync(operands.Length == 0 ? "" : $"dpkg: error processing {(verb is "-i" or "--install" ? "archive" : "package")} {operands[0]} ({verb.Replace("-i", "--install", StringComparison.Ordinal)}):\n dpkg-deb --control subprocess returned error exit status 2\nErrors were encountered while processing:\n {operands[0]}\n", i.Cancellation);
                return operands.Length == 0 ? 0 : 1;
            default:
                await i.Streams.Error.WriteAsync($"{i.Name}: error: need an action option\n\nType dpkg --help for help about installing and deinstalling packages [*];\nUse 'apt' or 'aptitude' for user-friendly package management;\n", i.Cancellation);
                return 2;
        }
    }

    private static async ValueTask<int> ListAsync(Invocation i, string[] patterns)
    {
        Package[] found = [.. PackageCommands.Packages(i).All.Where(package => patterns.Length == 0 || patterns.Any(pattern => PackageCommands.IsMatch(pattern, package.FullName)))];
        if (found.Length == 0)
        {
            await i.Streams.Error.WriteAsync($"dpkg-query: no packages found matching {patterns[0]}\n", i.Cancellation);
            return 1;
        }

        int name = Math.Max(14, found.Max(package => package.FullName.Length)), version = Math.Max(12, found.Max(package => package.Version.Length));
        StringBuilder text = new($"Desired=Unknown/Install/Remove/Purge/Hold\n| Status=Not/Inst/Conf-files/Unpacked/halF-conf/Half-inst/trig-aWait/Trig-pend\n|/ Err?=(none)/Reinst-required (Status,Err: uppercase=bad)\n||/ {"Name".PadRight(name)} {"Version".PadRight(version)} Architecture Description\n+++-{new string('=', name)}-{new string('=', version)}-============-=================================\n");
        foreach (Package package in found)
        {
            text.Append("ii  ").Append(package.FullName.PadRight(name)).Append(' ').Append(package.Version.PadRight(version)).Append(' ').Append(package.Architecture.PadRight(12)).Append(' ').Append(package.Summary).Append('\n');
        }

        await i.PrintAsync(text.ToString());
        return 0;
    }

    private static async ValueTask<int> EachAsync(Invocation i, string[] names, Func<Package, string> text, string missing)
    {
        int status = 0;
        foreach (string name in names)
        {
            if (PackageCommands.Packages(i).Find(name) is { } package)
            {
                await i.PrintAsync(text(package));
            }
            else
            {
                await i.Streams.Error.WriteAsync($"dpkg-query: {string.Format(CultureInfo.InvariantCulture, missing, name)}\nUse dpkg --info (= dpkg-deb --info) to examine archive files.\n", i.Cancellation);
                status = 1;
            }
        }

        return status;
    }

    private static async ValueTask<int> SearchAsync(Invocation i, string[] paths)
    {
        int status = 0;
        foreach (string path in paths)
        {
            // Before /bin and /usr/bin became one, and as it is found now.
            string real = path.StartsWith("/bin/", StringComparison.Ordinal) || path.StartsWith("/sbin/", StringComparison.Ordinal) || path.StartsWith("/lib/", StringComparison.Ordinal) ? "/usr" + path : path;
            Package[] owners = path.StartsWith('/') && path.IndexOf('*', StringComparison.Ordinal) < 0
                ? PackageCommands.Packages(i).Owner(real) is { } owner ? [owner] : [.. PackageCommands.Packages(i).All.Where(package => package.Parts.Any(part => string.Equals(part.Folder, real, StringComparison.Ordinal) || part.Folder.StartsWith(real + "/", StringComparison.Ordinal)))]
                : [];
            if (owners.Length > 0)
            {
                await i.PrintAsync($"{string.Join(", ", owners.Select(package => package.FullName))}: {real}\n");
                continue;
            }

            string[] lines = path.StartsWith('/') ? [] : [.. PackageCommands.Packages(i).All.SelectMany(package => PackageCommands.Packages(i).Paths(package).Where(file => file.Contains(path, StringComparison.Ordinal)).Take(50).Select(file => $"{package.FullName}: {file}\n")).Take(200)];
            await i.PrintAsync(string.Concat(lines));
            if (lines.Length == 0)
            {
                await i.Streams.Error.WriteAsync($"dpkg-query: no path found matching pattern {(path.StartsWith('/') ? path : $"*{path}*")}\n", i.Cancellation);
                status = 1;
            }
        }

        return status;
    }

    // What the visitor changed differs; the rest is as it came.
    private static async ValueTask<int> VerifyAsync(Invocation i, string[] names)
    {
        int status = 0;
        foreach (Package package in PackageCommands.Packages(i).All.Where(package => names.Length == 0 || names.Contains(package.Name, StringComparer.Ordinal)))
        {
            await i.State.Budget.StepAsync(i.Cancellation);
            foreach (PackagePart part in package.Parts)
            {
                FolderNode? now = i.Files.Find(part.Folder) as FolderNode, before = Tree(i.Files.Base, part.Folder);
                if (ReferenceEquals(now, before) || before is null || (now is not null && ReferenceEquals(now.Entries, before.Entries)))
                {
                    continue;
                }

                foreach (PackagedFile file in PackageCommands.Packages(i).Files(part))
                {
                    Node? mine = now?.Entries.GetValueOrDefault(file.Name), original = before.Entries.GetValueOrDefault(file.Name);
                    if (ReferenceEquals(mine, original))
                    {
                        continue;
                    }

                    string mark = part.Folder.StartsWith("/etc", StringComparison.Ordinal) ? " c" : "  ";
                    await i.PrintAsync($"{(mine is null ? "missing  " : "??5??????")}{mark} {part.Folder}/{file.Name}\n");
                    status = 1;
                }
            }
        }

        return status;
    }

    private static FolderNode? Tree(FolderNode root, string path)
    {
        foreach (string name in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (root.Entries.GetValueOrDefault(name) is not FolderNode inner)
            {
                return null;
            }

            root = inner;
        }

        return root;
    }

    private static async ValueTask<int> ShowAsync(Invocation i, string[] operands)
    {
        string? format = i.Arguments.FirstOrDefault(argument => argument.StartsWith("-f=", StringComparison.Ordinal) || argument.StartsWith("--showformat=", StringComparison.Ordinal))?.Split('=', 2)[1] ?? (i.Arguments.Any(argument => argument is "-f" or "-Wf") ? operands.FirstOrDefault() : null);
        string[] patterns = [.. operands.Where(operand => !ReferenceEquals(operand, format))];
        Package[] found = [.. PackageCommands.Packages(i).All.Where(package => patterns.Length == 0 || patterns.Any(pattern => PackageCommands.IsMatch(pattern, package.FullName)))];
        if (found.Length == 0)
        {
            await i.Streams.Error.WriteAsync($"dpkg-query: no packages found matching {patterns.FirstOrDefault("")}\n", i.Cancellation);
            return 1;
        }

        await i.PrintAsync(string.Concat(found.Select(package => format is null ? $"{package.FullName}\t{package.Version}\n" : format.Replace("${Package}", package.Name, StringComparison.Ordinal).Replace("${binary:Package}", package.FullName, StringComparison.Ordinal)
            .Replace("${Version}", package.Version, StringComparison.Ordinal).Replace("${Architecture}", package.Architecture, StringComparison.Ordinal).Replace("${Status}", "install ok installed", StringComparison.Ordinal).Replace("${db:Status-Status}", "installed", StringComparison.Ordinal)
            .Replace("${Installed-Size}", package.Kilobytes.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal).Replace("\\n", "\n", StringComparison.Ordinal).Replace("\\t", "\t", StringComparison.Ordinal))));
        return 0;
    }
}
