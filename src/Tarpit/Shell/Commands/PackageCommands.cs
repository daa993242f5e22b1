using System.Globalization;
using System.Text;
using Blackwall.Tarpit.Files;
using Blackwall.Tarpit.Recording;
using Blackwall.Tarpit.World.Packages;

namespace Blackwall.Tarpit.Shell.Commands;

/// <summary>apt, snap, and where dpkg is. What is installed can be looked at; nothing can be fetched, because no name resolves.</summary>
internal static class PackageCommands
{
    private const int Refused = 100;

    public static Dictionary<string, CommandBody> All { get; } = new(StringComparer.Ordinal)
    {
        ["dpkg"] = DpkgCommand.RunAsync,
        ["dpkg-query"] = DpkgCommand.RunAsync,
        ["dpkg-reconfigure"] = i => i.State.Visit.UserId == 0 ? new(0) : i.FailAsync("must be run as root"),
        ["apt"] = AptAsync,
        ["apt-get"] = AptAsync,
        ["apt-cache"] = AptAsync,
        ["apt-mark"] = i => i.Operands is ["showmanual" or "showauto", ..] ? SystemCommands.PrintAsync(i, string.Concat(Packages(i).All.Where(package => package.Section is "metapackages" || package.Name is "apache2" or "git" or "mysql-server").Select(package => package.Name + "\n"))) : SystemCommands.PrintAsync(i, string.Concat(i.Operands.Skip(1).Select(name => $"{name} set on {i.Operands[0]}.\n"))),
        ["apt-key"] = i => SystemCommands.PrintAsync(i, "Warning: apt-key is deprecated. Manage keyring files in trusted.gpg.d instead (see apt-key(8)).\n"),
        ["add-apt-repository"] = i => i.State.Visit.UserId != 0 ? i.FailAsync("Error: must run as root") : i.FailAsync("E: The repository could not be added: Temporary failure in name resolution"),
        ["aptitude"] = AptAsync,
        ["snap"] = SnapAsync,
        ["do-release-upgrade"] = i => SystemCommands.PrintAsync(i, "Checking for a new Ubuntu release\nFailed to connect to https://changelogs.ubuntu.com/meta-release-lts. Check your Internet connection or proxy settings\n", 1),
        ["update-alternatives"] = AlternativesAsync,
        ["pro"] = i => SystemCommands.PrintAsync(i, "SERVICE          AVAILABLE  DESCRIPTION\nesm-apps         yes        Expanded Security Maintenance for Applications\nesm-infra        yes        Expanded Security Maintenance for Infrastructure\nlivepatch        yes        Canonical Livepatch service\n\nThis machine is not attached to an Ubuntu Pro subscription.\nSee https://ubuntu.com/pro\n"),
    };

    public static PackageList Packages(Invocation i) => i.Machine.Packages;

    public static bool IsMatch(string pattern, string name) => pattern.Length == 0 || (pattern.IndexOfAny(['*', '?', '[']) >= 0 ? Globs.IsMatch(pattern, name) : string.Equals(pattern, name, StringComparison.Ordinal) || string.Equals(pattern, name.Split(':')[0], StringComparison.Ordinal));

    private static async ValueTask<int> AptAsync(Invocation i)
    {
        string[] operands = [.. i.OperandsWithout("ot")];
        string verb = operands.FirstOrDefault("");
        string[] names = [.. operands.Skip(1)];
        PackageList packages = Packages(i);
        bool changes = verb is "update" or "install" or "upgrade" or "full-upgrade" or "dist-upgrade" or "remove" or "purge" or "autoremove" or "clean" or "autoclean" or "reinstall" or "build-dep";
        if (changes && i.State.Visit.UserId != 0)
        {
            string place = verb is "update" ? "/var/lib/apt/lists/lock" : "/var/lib/dpkg/lock-frontend";
            await i.Streams.Error.WriteAsync($"E: Could not open lock file {place} - open (13: Permission denied)\n{(verb is "update" ? "E: Unable to lock directory /var/lib/apt/lists/\n" : "E: Unable to acquire the dpkg frontend lock (/var/lib/dpkg/lock-frontend), are you root?\n")}", i.Cancellation);
            return Refused;
        }

        if (changes || verb is "download" or "source")
        {
            i.State.Log.Record(new Observation(ObservationKinds.Download) { Name = i.Name, Text = string.Join(' ', i.Arguments) });
        }

        switch (verb)
        {
            case "update":
                return await UpdateAsync(i);
            case "install" or "reinstall" or "download" or "source" or "build-dep":
                return await InstallAsync(i, names);
            case "upgrade" or "full-upgrade" or "dist-upgrade" or "autoremove":
                return await SystemCommands.PrintAsync(i, "Reading package lists... Done\nBuilding dependency tree... Done\nReading state information... Done\nCalculating upgrade... Done\n0 upgraded, 0 newly installed, 0 to remove and 0 not upgraded.\n");
            case "remove" or "purge":
                return await RemoveAsync(i, names, verb);
            case "list":
                return await SystemCommands.PrintAsync(i, "Listing... Done\n" + (i.Has('\0', "upgradable") ? "" : string.Concat(packages.All.Where(package => names.Length == 0 || names.Any(name => IsMatch(name, package.Name))).Select(package => $"{package.Name}/noble-updates,now {package.Version} {package.Architecture} [installed{(package.Section is "metapackages" ? "" : ",automatic")}]\n"))));
            case "show" or "showpkg" or "info":
                return await ShowPackagesAsync(i, names);
            case "policy" or "madison":
                return await PolicyAsync(i, names);
            case "search":
                return await SystemCommands.PrintAsync(i, "Sorting... Done\nFull Text Search... Done\n" + string.Concat(packages.All.Where(package => names.All(name => package.Name.Contains(name, StringComparison.OrdinalIgnoreCase) || package.Summary.Contains(name, StringComparison.OrdinalIgnoreCase))).Take(100).Select(package => $"{package.Name}/noble-updates,now {package.Version} {package.Architecture} [installed]\n  {package.Summary}\n\n")));
            case "depends":
                return await SystemCommands.PrintAsync(i, string.Concat(names.Select(packages.Find).OfType<Package>().Select(package => $"{package.Name}\n{string.Concat(package.Depends.Split(", ", StringSplitOptions.RemoveEmptyEntries).Select(name => $"  Depends: {name}\n"))}")));
            case "pkgnames" or "dumpavail":
                return await SystemCommands.PrintAsync(i, string.Concat(packages.All.Select(package => package.Name + "\n")));
            case "clean" or "autoclean" or "check" or "stats":
                return 0;
            case "moo":
                return await SystemCommands.PrintAsync(i, "                 (__) \n                 (oo) \n           /------\\/ \n          / |    ||   \n         *  /\\---/\\ \n            ~~   ~~   \n...\"Have you mooed today?\"...\n");
            default:
                await i.PrintAsync(verb.Length == 0 ? "apt 2.7.14 (amd64)\nUsage: apt [options] command\n\napt is a commandline package manager and provides commands for\nsearching and managing as well as querying information about packages.\n" : "");
                await i.Streams.Error.WriteAsync(verb.Length == 0 ? "" : $"E: Invalid operation {verb}\n", i.Cancellation);
                return verb.Length == 0 ? 0 : Refused;
        }
    }

    private static async ValueTask<int> UpdateAsync(Invocation i)
    {
        StringBuilder failed = new();
        foreach ((string host, string suite) in new[] { ("security.ubuntu.com", "noble-security"), ("archive.ubuntu.com", "noble"), ("archive.ubuntu.com", "noble-updates"), ("archive.ubuntu.com", "noble-backports") })
        {
            await i.WaitAsync(1);
            await i.PrintAsync($"Err:{failed.ToString().Split('\n').Length} http://{host}/ubuntu {suite} InRelease\n  Temporary failure resolving '{host}'\n");
            failed.Append(CultureInfo.InvariantCulture, $"W: Failed to fetch http://{host}/ubuntu/dists/{suite}/InRelease  Temporary failure resolving '{host}'\n");
        }

        await i.PrintAsync($"Reading package lists... Done\n{(i.Name is "apt" ? "Building dependency tree... Done\nReading state information... Done\nAll packages are up to date.\n" : "")}");
        await i.Streams.Error.WriteAsync(failed + "W: Some index files failed to download. They have been ignored, or old ones used instead.\n", i.Cancellation);
        return 0;
    }

    private static async ValueTask<int> InstallAsync(Invocation i, string[] names)
    {
        await i.PrintAsync("Reading package lists... Done\nBuilding dependency tree... Done\nReading state information... Done\n");
        List<(string Name, string Version)> wanted = [];
        foreach (string name in names)
        {
            if (Packages(i).Find(name) is { } package)
            {
                await i.PrintAsync($"{package.Name} is already the newest version ({package.Version}).\n");
            }
            else if (MissingPrograms.Version(name) is { } version)
            {
                wanted.Add((name, version));
            }
            else
            {
                await i.Streams.Error.WriteAsync($"E: Unable to locate package {name}\n", i.Cancellation);
                return Refused;
            }
        }

        if (wanted.Count == 0)
        {
            return await SystemCommands.PrintAsync(i, "0 upgraded, 0 newly installed, 0 to remove and 0 not upgraded.\n");
        }

        int kilobytes = wanted.Sum(package => 90 + (World.StableHash.Of(package.Name) % 4000));
        await i.PrintAsync(string.Create(CultureInfo.InvariantCulture, $"The following NEW packages will be installed:\n  {string.Join(' ', wanted.Select(package => package.Name))}\n0 upgraded, {wanted.Count} newly installed, 0 to remove and 0 not upgraded.\nNeed to get {kilobytes} kB of archives.\nAfter this operation, {kilobytes * 4} kB of additional disk space will be used.\n"));
        if (!i.Has('y', "yes") && !i.Has('\0', "assume-yes"))
        {
            await i.PrintAsync("Do you want to continue? [Y/n] ");
            string answer = await i.Streams.Input.ReadLineAsync(i.Cancellation) ?? "n";
            if (answer.Length > 0 && answer[0] is not ('y' or 'Y'))
            {
                return await SystemCommands.PrintAsync(i, "Abort.\n", 1);
            }
        }

        foreach ((string name, string version) in wanted)
        {
            await i.WaitAsync(2);
            await i.PrintAsync($"Err:1 http://archive.ubuntu.com/ubuntu noble/universe amd64 {name} amd64 {version}\n  Temporary failure resolving 'archive.ubuntu.com'\n");
        }

        foreach ((string name, string version) in wanted)
        {
            await i.Streams.Error.WriteAsync($"E: Failed to fetch http://archive.ubuntu.com/ubuntu/pool/universe/{name[0]}/{name}/{name}_{version.Split(':')[^1]}_amd64.deb  Temporary failure resolving 'archive.ubuntu.com'\n", i.Cancellation);
        }

        await i.Streams.Error.WriteAsync("E: Unable to fetch some archives, maybe run apt-get update or try with --fix-missing?\n", i.Cancellation);
        return Refused;
    }

    private static async ValueTask<int> RemoveAsync(Invocation i, string[] names, string verb)
    {
        await i.PrintAsync("Reading package lists... Done\nBuilding dependency tree... Done\nReading state information... Done\n");
        foreach (string name in names)
        {
            if (Packages(i).Find(name) is null)
            {
                await i.PrintAsync($"Package '{name}' is not installed, so not removed\n");
            }
            else
            {
                await i.Streams.Error.WriteAsync($"E: Sub-process /usr/bin/dpkg returned an error code (1)\n", i.Cancellation);
                return Refused;
            }
        }

        return await SystemCommands.PrintAsync(i, "0 upgraded, 0 newly installed, 0 to remove and 0 not upgraded.\n", verb.Length == 0 ? 1 : 0);
    }

    private static async ValueTask<int> ShowPackagesAsync(Invocation i, string[] names)
    {
        foreach (string name in names)
        {
            if (Packages(i).Find(name) is not { } package)
            {
                await i.Streams.Error.WriteAsync($"N: Unable to locate package {name}\nE: No packages found\n", i.Cancellation);
                return Refused;
            }

            await i.PrintAsync(string.Create(CultureInfo.InvariantCulture, $"Package: {package.Name}\nVersion: {package.Version}\nPriority: {package.Priority}\nSection: {package.Section}\nOrigin: Ubuntu\nMaintainer: Ubuntu Developers <ubuntu-devel-discuss@lists.ubuntu.com>\nInstalled-Size: {package.Kilobytes} kB\n{(package.Depends.Length > 0 ? $"Depends: {package.Depends}\n" : "")}APT-Manual-Installed: yes\nAPT-Sources: /var/lib/dpkg/status\nDescription: {package.Summary}\n\n"));
        }

        return 0;
    }

    private static async ValueTask<int> PolicyAsync(Invocation i, string[] names)
    {
        foreach (string name in names)
        {
            string? installed = Packages(i).Find(name)?.Version, candidate = installed ?? MissingPrograms.Version(name);
            await i.PrintAsync(candidate is null ? "" : $"{name}:\n  Installed: {installed ?? "(none)"}\n  Candidate: {candidate}\n  Version table:\n {(installed is null ? "   " : "***")} {candidate} 500\n        500 http://archive.ubuntu.com/ubuntu noble-updates/main amd64 Packages\n{(installed is null ? "" : "        100 /var/lib/dpkg/status\n")}");
        }

        return 0;
    }

    private static async ValueTask<int> SnapAsync(Invocation i) => i.Operands.FirstOrDefault("") switch
    {
        "list" => await SystemCommands.PrintAsync(i, "No snaps are installed yet. Try 'snap install hello-world'.\n"),
        "version" => await SystemCommands.PrintAsync(i, $"snap    2.63.1+24.04\nsnapd   2.63.1+24.04\nseries  16\nubuntu  24.04\nkernel  {i.Machine.Kernel}\n"),
        "install" or "find" or "refresh" => await UnreachableStoreAsync(i),
        _ => await SystemCommands.PrintAsync(i, "The snap command lets you install, configure, refresh and remove snaps.\n"),
    };

    private static async ValueTask<int> UnreachableStoreAsync(Invocation i)
    {
        i.State.Log.Record(new Observation(ObservationKinds.Download) { Name = i.Name, Text = string.Join(' ', i.Arguments) });
        await i.WaitAsync(3);
        await i.Streams.Error.WriteAsync("error: unable to contact snap store\n", i.Cancellation);
        return 1;
    }

    private static async ValueTask<int> AlternativesAsync(Invocation i)
    {
        string name = i.Operands.FirstOrDefault("");
        return i.Files.Find("/etc/alternatives/" + name, follow: false) is LinkNode link && name.Length > 0
            ? await SystemCommands.PrintAsync(i, i.Has('\0', "list") ? link.Target + "\n" : $"{name} - auto mode\n  link best version is {link.Target}\n  link currently points to {link.Target}\n  link {name} is /usr/bin/{name}\n{link.Target} - priority 40\n")
            : await i.FailAsync($"error: no alternatives for {name}", 2);
    }
}
