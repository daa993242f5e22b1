using System.Numerics;

namespace Blackwall.Tarpit.Shell.Python.Modules;

/// <summary>sys, platform, getpass, pwd and signal.</summary>
internal static class SysModule
{
    public const string Version = "3.12.3 (main, Sep 11 2024, 14:17:37) [GCC 13.2.0]";

    public static void Fill(PythonMachine machine, PythonModule sys)
    {
        string first = machine.Source is null ? "" : machine.State.Path(machine.File)[..Math.Max(1, machine.State.Path(machine.File).LastIndexOf('/'))];
        (string Name, object? Value)[] values =
        [
            ("version", Version), ("platform", "linux"), ("byteorder", "little"), ("maxsize", (BigInteger)long.MaxValue), ("maxunicode", (BigInteger)0x10FFFF), ("executable", "/usr/bin/python3"), ("prefix", "/usr"), ("exec_prefix", "/usr"), ("hexversion", (BigInteger)0x030C03F0), ("api_version", (BigInteger)1013),
            ("copyright", "Copyright (c) 2001-2023 Python Software Foundation.\nAll Rights Reserved.\n\nCopyright (c) 2000 BeOpen.com.\nAll Rights Reserved.\n\nCopyright (c) 1995-2001 Corporation for National Research Initiatives.\nAll Rights Reserved.\n\nCopyright (c) 1991-1995 Stichting Mathematisch Centrum, Amsterdam.\nAll Rights Reserved."),
            ("argv", new PythonList(machine.Arguments)), ("path", new PythonList([first, "/usr/lib/python312.zip", "/usr/lib/python3.12", "/usr/lib/python3.12/lib-dynload", "/usr/local/lib/python3.12/dist-packages", "/usr/lib/python3/dist-packages"])), ("modules", PythonReflection.Map(machine.Modules.ToDictionary(pair => pair.Key, pair => (object?)pair.Value, StringComparer.Ordinal))),
            ("version_info", OsModule.Record("sys.version_info", [("major", (BigInteger)3), ("minor", (BigInteger)12), ("micro", (BigInteger)3), ("releaselevel", "final"), ("serial", BigInteger.Zero)])),
            ("stdin", PythonFile.OfStream(0)), ("stdout", PythonFile.OfStream(1)), ("stderr", PythonFile.OfStream(2)), ("dont_write_bytecode", false),
        ];
        foreach ((string name, object? value) in values)
        {
            sys.Members[name] = value;
        }

        foreach ((string name, int number) in new[] { ("stdin", 0), ("stdout", 1), ("stderr", 2) })
        {
            ((PythonObject)sys.Members[name]!).Members["buffer"] = PythonFile.OfStream(number, isBinary: true);
            ((PythonObject)sys.Members[name]!).Members["encoding"] = "utf-8";
        }

        sys.Members["__stdout__"] = sys.Members["stdout"];
        sys.Add("exit", (m, a) => throw PythonErrors.New("SystemExit", [.. a.Values]));
        sys.Add("getrecursionlimit", (m, a) => (BigInteger)1000);
        sys.Add("setrecursionlimit", (m, a) => null);
        sys.Add("setdlopenflags", (m, a) => null);
        sys.Add("getsizeof", (m, a) => (BigInteger)(a.Need(0) switch { string text => 49 + text.Length, byte[] bytes => 33 + bytes.Length, PythonList list => 56 + (8 * list.Count), BigInteger => 28, _ => 64 }));
        sys.Add("getdefaultencoding", (m, a) => "utf-8");
        sys.Add("getfilesystemencoding", (m, a) => "utf-8");
        sys.Add("intern", (m, a) => a.Text(0));
        sys.Add("exc_info", (m, a) => m.Calls.Frames.Select(frame => frame.Handled).LastOrDefault(error => error is not null) is { } e ? new PythonTuple([e.Value.Type, e.Value, null]) : new PythonTuple([null, null, null]));
    }

    /// <summary>The program sets sys.stdout.</summary>
    public static void Redirect(PythonMachine machine, string name, object? value)
    {
        if (name is "stdout")
        {
            machine.Output = value is PythonObject { Native: PythonFile { Standard: 1 } } ? null : value;
        }
    }

    public static void FillPlatform(PythonMachine machine, PythonModule platform)
    {
        Visit visit = machine.State.Visit;
        string release = visit.Machine.Kernel;
        foreach ((string name, string text) in new[] { ("system", "Linux"), ("node", visit.Memory.HostName), ("release", release), ("version", visit.Machine.KernelBuild), ("machine", "x86_64"), ("processor", "x86_64"), ("platform", $"Linux-{release}-x86_64-with-glibc2.39"), ("python_version", "3.12.3"), ("python_implementation", "CPython"), ("python_compiler", "GCC 13.2.0") })
        {
            platform.Add(name, (m, a) => text);
        }

        platform.Add("architecture", (m, a) => new PythonTuple(["64bit", "ELF"]));
        platform.Add("uname", (m, a) => OsModule.Record("uname_result", [("system", "Linux"), ("node", visit.Memory.HostName), ("release", release), ("version", visit.Machine.KernelBuild), ("machine", "x86_64")]));
        platform.Add("freedesktop_os_release", (m, a) => PythonReflection.Map(new Dictionary<string, object?>(StringComparer.Ordinal) { ["NAME"] = "Ubuntu", ["ID"] = "ubuntu", ["ID_LIKE"] = "debian", ["VERSION_ID"] = "24.04" }));
    }

    public static void FillGetpass(PythonMachine machine, PythonModule getpass)
    {
        getpass.Add("getuser", (m, a) => m.State.Visit.UserName);
        getpass.AddAsync("getpass", async (m, a) => await Commands.SecretPrompt.ReadAsync(m.Call, a.Has(0, "prompt") ? a.Text(0, "prompt") : "Password: ") is { } secret ? PythonEncoding.FromShell(secret) : throw PythonErrors.New("EOFError"));
    }

    public static void FillUsers(PythonMachine machine, PythonModule pwd)
    {
        PythonObject Entry(string line) => line.Split(':') is [var name, var password, var id, var group, var text, var home, var shell, ..]
            ? OsModule.Record("pwd.struct_passwd", [("pw_name", name), ("pw_passwd", password), ("pw_uid", BigInteger.Parse(id, System.Globalization.CultureInfo.InvariantCulture)), ("pw_gid", BigInteger.Parse(group, System.Globalization.CultureInfo.InvariantCulture)), ("pw_gecos", text), ("pw_dir", home), ("pw_shell", shell)])
            : throw PythonErrors.New("KeyError", line);
        IEnumerable<string> Lines(PythonMachine m) => m.Call.Files.Read("/etc/passwd", out byte[] content) is Files.FileError.None ? PythonEncoding.FromBytes(content).Split('\n').Where(line => line.Split(':') is [_, _, var id, var group, _, _, _] && id.Length > 0 && id.All(char.IsAsciiDigit) && group.Length > 0 && group.All(char.IsAsciiDigit)) : [];
        pwd.Add("getpwall", (m, a) => new PythonList(Lines(m).Select(Entry)));
        pwd.Add("getpwnam", (m, a) => Entry(Lines(m).FirstOrDefault(line => line.StartsWith(a.Text(0) + ":", StringComparison.Ordinal)) ?? throw PythonErrors.New("KeyError", $"getpwnam(): name not found: '{a.Text(0)}'")));
        pwd.Add("getpwuid", (m, a) => Entry(Lines(m).FirstOrDefault(line => line.Split(':')[2] is var id && string.Equals(id, a.Whole(0).ToString(System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal)) ?? throw PythonErrors.New("KeyError", FormattableString.Invariant($"getpwuid(): uid not found: {a.Whole(0)}"))));
    }

    public static void FillSignal(PythonMachine machine, PythonModule signal)
    {
        foreach ((string name, int number) in new[] { ("SIGHUP", 1), ("SIGINT", 2), ("SIGQUIT", 3), ("SIGKILL", 9), ("SIGUSR1", 10), ("SIGPIPE", 13), ("SIGALRM", 14), ("SIGTERM", 15), ("SIGCHLD", 17), ("SIG_IGN", 1), ("SIG_DFL", 0) })
        {
            signal.Members[name] = (BigInteger)number;
        }

        signal.Add("signal", (m, a) => BigInteger.Zero);
        signal.Add("alarm", (m, a) => BigInteger.Zero);
    }
}
