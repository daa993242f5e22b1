using System.Globalization;
using System.Numerics;
using Blackwall.Tarpit.Files;

namespace Blackwall.Tarpit.Shell.Python.Modules;

/// <summary>os: files, processes and users of the machine.</summary>
internal static class OsModule
{
    private const int MostFolders = 20_000;

    public static void Fill(PythonMachine machine, PythonModule os)
    {
        Visit visit = machine.State.Visit;
        machine.Environment ??= MakeEnvironment(machine);
        (string Name, object? Value)[] values = [("name", "posix"), ("sep", "/"), ("linesep", "\n"), ("pathsep", ":"), ("curdir", "."), ("pardir", ".."), ("devnull", "/dev/null"), ("environ", machine.Environment), ("O_RDONLY", BigInteger.Zero), ("O_WRONLY", BigInteger.One), ("O_RDWR", (BigInteger)2), ("O_CREAT", (BigInteger)64), ("O_TRUNC", (BigInteger)512), ("F_OK", BigInteger.Zero), ("R_OK", (BigInteger)4), ("W_OK", (BigInteger)2), ("X_OK", BigInteger.One), ("error", PythonErrors.Get("OSError"))];
        foreach ((string name, object? value) in values)
        {
            os.Members[name] = value;
        }

        foreach ((string name, int number) in new[] { ("getuid", visit.UserId), ("geteuid", visit.UserId), ("getgid", visit.GroupId), ("getegid", visit.GroupId), ("getpid", machine.Process), ("getppid", visit.ShellProcess), ("setsid", machine.Process), ("getpgrp", machine.Process), ("cpu_count", visit.Machine.ProcessorCount), ("fork", 0) })
        {
            os.Add(name, (m, a) => (BigInteger)number);
        }

        os.Add("getenv", (m, a) => m.Environment!.TryGet(a.Text(0), out object? value) ? value : a.Get(1));
        os.Add("putenv", (m, a) => m.Environment![a.Text(0)] = a.Text(1));
        os.Add("getcwd", (m, a) => PythonEncoding.FromShell(m.State.Folder));
        os.Add("getcwdb", (m, a) => System.Text.Encoding.Latin1.GetBytes(m.State.Folder));
        os.Add("getlogin", (m, a) => visit.UserName);
        os.Add("getgroups", (m, a) => new PythonList([(BigInteger)visit.GroupId]));
        os.Add("uname", (m, a) => Record("posix.uname_result", [("sysname", "Linux"), ("nodename", visit.Memory.HostName), ("release", visit.Machine.Kernel), ("version", visit.Machine.KernelBuild), ("machine", "x86_64")]));
        os.Add("getloadavg", (m, a) => new PythonTuple(World.Load.Averages(visit.Machine).Split(", ").Select(text => (object?)double.Parse(text, CultureInfo.InvariantCulture))));
        os.Add("urandom", (m, a) => System.Security.Cryptography.RandomNumberGenerator.GetBytes((int)Math.Clamp(a.Whole(0), 0, 1 << 20)));
        os.Add("umask", (m, a) => (BigInteger)m.State.FileMask);
        os.Add("isatty", (m, a) => m.State.Io.Terminal is not null && a.Whole(0) < 3);
        os.Add("strerror", (m, a) => PythonErrors.System((int)a.Whole(0)).Value.Members["strerror"]);
        os.Add("fspath", (m, a) => a.Text(0));
        os.Add("_exit", (m, a) => throw PythonErrors.New("SystemExit", a.Need(0)));
        os.Add("setuid", (m, a) => visit.UserId == 0 || a.Whole(0) == visit.UserId ? null : throw PythonErrors.System(1));
        os.Add("setgid", (m, a) => visit.UserId == 0 || a.Whole(0) == visit.GroupId ? null : throw PythonErrors.System(1));
        os.Add("kill", Kill);
        os.Add("chdir", ChangeFolder);
        os.Add("listdir", (m, a) => new PythonList(Folder(m, a.Has(0, "path") ? a.Text(0, "path") : ".").Entries.Keys.Select(name => (object?)PythonEncoding.FromShell(name))));
        os.Add("access", (m, a) => m.Call.Files.Find(Path(m, a.Text(0))) is { } node && ((a.Whole(1) & 4) == 0 || Access.MayRead(node, visit.UserId)) && ((a.Whole(1) & 2) == 0 || Access.MayWrite(node, visit.UserId)) && ((a.Whole(1) & 1) == 0 || Access.MayExecute(node, visit.UserId)));
        os.Add("stat", (m, a) => Status(m, a, follow: true));
        os.Add("lstat", (m, a) => Status(m, a, follow: false));
        os.Add("readlink", (m, a) => m.Call.Files.Find(Path(m, a.Text(0)), follow: false) is LinkNode link ? PythonEncoding.FromShell(link.Target) : throw PythonErrors.System(m.Call.Files.Find(Path(m, a.Text(0))) is null ? 2 : 22, a.Text(0)));
        os.Add("walk", (m, a) => PythonIterator.Of("generator", Walk(m, a.Text(0, "top"), new int[1])));
        foreach ((string name, int count) in new[] { ("mkdir", 1), ("makedirs", 1), ("rmdir", 1), ("remove", 1), ("unlink", 1), ("rename", 2), ("replace", 2), ("symlink", 2), ("chmod", 1), ("chown", 1), ("utime", 1) })
        {
            os.Add(name, (m, a) => FolderModule.Change(m, name, a));
        }

        SubprocessModule.FillOs(os);
    }

    public static string Path(PythonMachine machine, string path) => machine.State.Path(PythonEncoding.ToShellText(path));

    public static FolderNode Folder(PythonMachine machine, string name)
    {
        Node node = machine.Call.Files.Find(Path(machine, name)) ?? throw PythonErrors.System(2, name);
        FolderNode folder = node as FolderNode ?? throw PythonErrors.System(20, name);
        machine.State.Budget.Charge(2 + (folder.Entries.Count / 50));
        return Access.MayRead(folder, machine.State.Visit.UserId) ? folder : throw PythonErrors.System(13, name);
    }

    private static PythonDictionary MakeEnvironment(PythonMachine machine)
    {
        PythonDictionary map = new() { Kind = "environ" };
        foreach (string name in machine.State.Exported)
        {
            map[name] = PythonEncoding.FromShell(machine.State.Get(name));
        }

        return map;
    }

    private static object? ChangeFolder(PythonMachine machine, CallArguments a)
    {
        string path = Path(machine, a.Text(0, "path"));
        machine.State.Folder = machine.Call.Files.Find(path) is FolderNode ? path : throw PythonErrors.System(machine.Call.Files.Find(path) is null ? 2 : 20, a.Text(0, "path"));
        return null;
    }

    private static object? Kill(PythonMachine machine, CallArguments a)
    {
        int id = (int)Math.Clamp(a.Whole(0), 0, int.MaxValue);
        if (machine.State.Visit.Memory.Processes.Find(id) is not { } process)
        {
            throw PythonErrors.System(3);
        }

        if (machine.State.Visit.UserId != 0 && !string.Equals(process.User, machine.State.Visit.UserName, StringComparison.Ordinal))
        {
            throw PythonErrors.System(1);
        }

        if (a.Whole(1) is not (0 or 17 or 18))
        {
            machine.State.Visit.Memory.Processes.End(id);
        }

        return null;
    }

    // Top down, as far as it is asked for.
    private static IEnumerable<object?> Walk(PythonMachine machine, string top, int[] count)
    {
        if (++count[0] > MostFolders || machine.Call.Files.Find(Path(machine, top)) is not FolderNode folder || !Access.MayRead(folder, machine.State.Visit.UserId))
        {
            yield break;
        }

        machine.State.Budget.Charge(2 + (folder.Entries.Count / 50));
        ILookup<bool, string> names = folder.Entries.ToLookup(entry => entry.Value is FolderNode, entry => PythonEncoding.FromShell(entry.Key));
        PythonList folders = new(names[true]), files = new(names[false]);
        yield return new PythonTuple([top, folders, files]);
        foreach (object? name in folders.ToArray())
        {
            foreach (object? row in Walk(machine, (top is "/" ? "" : top) + "/" + name, count))
            {
                yield return row;
            }
        }
    }

    private static PythonObject Status(PythonMachine machine, CallArguments a, bool follow)
    {
        Node node = machine.Call.Files.Find(Path(machine, a.Text(0)), follow) ?? throw PythonErrors.System(2, a.Text(0));
        int kind = node switch { FolderNode => 0x4000, LinkNode => 0xA000, SocketNode => 0xC000, PipeNode => 0x1000, DeviceNode { IsBlock: true } => 0x6000, DeviceNode => 0x2000, _ => 0x8000 };
        BigInteger when = node.Modified.ToUnixTimeSeconds(), size = node switch { FileNode file => file.Content.Size, LinkNode link => link.Target.Length, FolderNode => 4096, _ => 0 };
        return Record("os.stat_result", [("st_mode", (BigInteger)(kind | node.Mode)), ("st_ino", (BigInteger)(200_000 + (World.StableHash.Of(Path(machine, a.Text(0))) % 500_000))), ("st_dev", (BigInteger)64513), ("st_nlink", (BigInteger)(node is FolderNode ? 2 : 1)), ("st_uid", (BigInteger)node.User), ("st_gid", (BigInteger)node.Group), ("st_size", size), ("st_atime", when), ("st_mtime", when), ("st_ctime", when)]);
    }

    /// <summary>A tuple whose parts have names.</summary>
    public static PythonObject Record(string name, (string Name, object? Value)[] fields)
    {
        PythonObject record = new(new PythonClass(name.Split('.')[^1], [], name.Contains('.', StringComparison.Ordinal) ? name.Split('.')[0] : "")) { Native = new PythonTuple(fields.Select(field => field.Value)) };
        foreach ((string field, object? value) in fields)
        {
            record.Members[field] = value;
        }

        record.Members["__repr_text__"] = $"{name}({string.Join(", ", fields.Select(field => $"{field.Name}={PythonText.Represent(field.Value)}"))})";
        return record;
    }
}
