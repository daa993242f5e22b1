using System.Numerics;
using Blackwall.Tarpit.Files;

namespace Blackwall.Tarpit.Shell.Python.Modules;

/// <summary>os.path and pathlib.</summary>
internal static class PathModule
{
    private static readonly PythonClass s_path = MakePath();

    public static void Fill(PythonMachine machine, PythonModule path)
    {
        path.Members["sep"] = "/";
        path.Add("join", (m, a) => a.Values.Select((value, n) => a.Text(n)).Aggregate((left, right) => right.StartsWith('/') ? right : left.Length == 0 || left.EndsWith('/') ? left + right : left + "/" + right));
        path.Add("exists", (m, a) => Find(m, a) is not null);
        path.Add("lexists", (m, a) => m.Call.Files.Find(OsModule.Path(m, a.Text(0)), follow: false) is not null);
        path.Add("isfile", (m, a) => Find(m, a) is FileNode);
        path.Add("isdir", (m, a) => Find(m, a) is FolderNode);
        path.Add("islink", (m, a) => m.Call.Files.Find(OsModule.Path(m, a.Text(0)), follow: false) is LinkNode);
        path.Add("isabs", (m, a) => a.Text(0).StartsWith('/'));
        path.Add("getsize", (m, a) => Find(m, a) switch { FileNode file => (BigInteger)file.Content.Size, null => throw PythonErrors.System(2, a.Text(0)), _ => (BigInteger)4096 });
        path.Add("getmtime", (m, a) => (double)(Find(m, a) ?? throw PythonErrors.System(2, a.Text(0))).Modified.ToUnixTimeSeconds());
        path.Add("basename", (m, a) => a.Text(0).Split('/')[^1]);
        path.Add("dirname", (m, a) => Parent(a.Text(0)));
        path.Add("split", (m, a) => new PythonTuple([Parent(a.Text(0)), a.Text(0).Split('/')[^1]]));
        path.Add("splitext", (m, a) => Extension(a.Text(0)) is var end ? new PythonTuple([a.Text(0)[..^end.Length], end]) : null);
        path.Add("abspath", (m, a) => PythonEncoding.FromShell(OsModule.Path(m, a.Text(0))));
        path.Add("normpath", (m, a) => a.Text(0).StartsWith('/') ? FileSystem.Normalize(a.Text(0), "/") : FileSystem.Normalize(a.Text(0), "/").TrimStart('/') is { Length: > 0 } plain ? plain : ".");
        path.Add("realpath", (m, a) => PythonEncoding.FromShell(m.Call.Files.Resolve(OsModule.Path(m, a.Text(0)), follow: true, out _) is { } found ? found.Path : OsModule.Path(m, a.Text(0))));
        path.Add("expanduser", (m, a) => Home(m, a.Text(0)));
        path.Add("expandvars", (m, a) => a.Text(0));
    }

    private static Node? Find(PythonMachine machine, CallArguments a) => machine.Call.Files.Find(OsModule.Path(machine, a.Text(0)));

    private static string Parent(string path) => path.LastIndexOf('/') switch { < 0 => "", 0 => "/", var at => path[..at] };

    private static string Extension(string path)
    {
        string name = path.Split('/')[^1];
        int dot = name.TrimStart('.').LastIndexOf('.');
        return dot <= 0 ? "" : name[name.LastIndexOf('.')..];
    }

    private static string Home(PythonMachine machine, string path)
    {
        if (!path.StartsWith('~'))
        {
            return path;
        }

        string user = path.Split('/')[0][1..];
        string? home = user.Length == 0 ? machine.State.Get("HOME") : machine.State.Visit.FindHome(user);
        return home is null ? path : home + path[(user.Length + 1)..];
    }

    public static void FillPathlib(PythonMachine machine, PythonModule pathlib)
    {
        foreach (string name in new[] { "Path", "PosixPath", "PurePath" })
        {
            pathlib.Add(name, (m, a) => Make(m, a.Count == 0 ? "." : string.Join('/', a.Values.Select((value, n) => a.Text(n)))));
        }
    }

    /// <summary>A path object.</summary>
    public static PythonObject Make(PythonMachine machine, string path)
    {
        path = path.Length > 1 ? path.TrimEnd('/') : path;
        PythonObject made = new(s_path) { Native = path };
        string name = path.Split('/')[^1];
        (made.Members["name"], made.Members["suffix"], made.Members["stem"]) = (name, Extension(name), name[..^Extension(name).Length]);
        made.Members["__repr_text__"] = $"PosixPath('{path}')";
        return made;
    }

    private static PythonClass MakePath()
    {
        PythonClass type = new("PosixPath", [], "pathlib");
        void Add(string name, Func<PythonMachine, string, CallArguments, object?> body) => type.Members[name] = new NativeFunction(name, (m, a) => new(body(m, (string)((PythonObject)a.Values[0]!).Native!, a)));
        PythonObject Opened(PythonMachine m, string path, string mode) => PythonFile.Open(m, new CallArguments("open", [path, mode], CallArguments.None));
        Add("__str__", (m, path, a) => path);
        Add("exists", (m, path, a) => m.Call.Files.Find(OsModule.Path(m, path)) is not null);
        Add("is_file", (m, path, a) => m.Call.Files.Find(OsModule.Path(m, path)) is FileNode);
        Add("is_dir", (m, path, a) => m.Call.Files.Find(OsModule.Path(m, path)) is FolderNode);
        Add("home", (m, path, a) => Make(m, m.State.Get("HOME")));
        Add("open", (m, path, a) => Opened(m, path, a.Has(1, "mode") ? a.Text(1, "mode") : "r"));
        Add("iterdir", (m, path, a) => new PythonList(OsModule.Folder(m, path).Entries.Keys.Select(name => (object?)Make(m, path.TrimEnd('/') + "/" + PythonEncoding.FromShell(name)))));
        Add("resolve", (m, path, a) => Make(m, OsModule.Path(m, path)));
        Add("absolute", (m, path, a) => Make(m, OsModule.Path(m, path)));
        Add("mkdir", (m, path, a) => FolderModule.Change(m, PythonOperators.IsTrue(a.Get(9, "parents")) ? "makedirs" : "mkdir", new CallArguments("mkdir", [path], a.Named)));
        Add("unlink", (m, path, a) => FolderModule.Change(m, "unlink", new CallArguments("unlink", [path], CallArguments.None)));
        Add("chmod", (m, path, a) => FolderModule.Change(m, "chmod", new CallArguments("chmod", [path, a.Need(1)], CallArguments.None)));
        foreach ((string name, string method, string mode) in new[] { ("read_text", "read", "r"), ("read_bytes", "read", "rb"), ("write_text", "write", "w"), ("write_bytes", "write", "wb") })
        {
            type.Members[name] = new NativeFunction(name, async (m, a) =>
            {
                PythonObject file = Opened(m, (string)((PythonObject)a.Values[0]!).Native!, mode);
                object? result = await m.Calls.CallAsync(PythonMembers.Get(m, file, method), [.. a.Values.Skip(1)]);
                await m.Calls.CallAsync(PythonMembers.Get(m, file, "close"));
                return result;
            });
        }

        return type;
    }
}
