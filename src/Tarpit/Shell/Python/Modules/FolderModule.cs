using System.Numerics;
using Blackwall.Tarpit.Files;

namespace Blackwall.Tarpit.Shell.Python.Modules;

/// <summary>Changes of folders and files: of os, shutil, glob and tempfile.</summary>
internal static class FolderModule
{
    /// <summary>mkdir, remove, rename and so on, by the name of the function.</summary>
    public static object? Change(PythonMachine machine, string name, CallArguments a)
    {
        Visit visit = machine.State.Visit;
        FileSystem files = machine.Call.Files;
        string given = a.Text(0, name is "rename" or "replace" or "symlink" ? "src" : "path"), path = OsModule.Path(machine, given);
        Node? node = files.Find(path, follow: name is "chmod" or "chown" or "utime");
        machine.State.Budget.Charge(1);
        switch (name)
        {
            case "mkdir" or "makedirs":
                if (node is not null)
                {
                    return name is "makedirs" && node is FolderNode && PythonOperators.IsTrue(a.Get(2, "exist_ok")) ? null : throw PythonErrors.System(17, given);
                }

                string parent = path[..Math.Max(1, path.LastIndexOf('/'))];
                if (name is "makedirs" && files.Find(parent) is null && parent.Length > 1)
                {
                    Change(machine, name, new CallArguments(name, [parent], CallArguments.None));
                }

                MayChange(machine, path, given);
                Throw(files.MakeFolder(path, visit.UserId, visit.GroupId, (int)a.Whole(1, "mode", 0x1FF) & ~machine.State.FileMask), given);
                return null;
            case "rmdir" when node is not FolderNode:
                throw PythonErrors.System(node is null ? 2 : 20, given);
            case "remove" or "unlink" when node is FolderNode:
                throw PythonErrors.System(21, given);
            case "rmdir" or "remove" or "unlink":
                MayChange(machine, path, given);
                Throw(files.Remove(path), given);
                return null;
            case "symlink":
                string target = OsModule.Path(machine, a.Text(1, "dst"));
                if (files.Find(target, follow: false) is not null)
                {
                    throw PythonErrors.System(17, given);
                }

                MayChange(machine, target, a.Text(1, "dst"));
                Throw(files.Put(target, new LinkNode(PythonEncoding.ToShellText(given)) { Mode = 0x1FF, User = visit.UserId, Group = visit.GroupId, Modified = visit.Machine.Now }), given);
                return null;
            default:
                return Move(machine, name, a, node ?? throw PythonErrors.System(2, given), path);
        }
    }

    private static string? Move(PythonMachine machine, string name, CallArguments a, Node node, string path)
    {
        Visit visit = machine.State.Visit;
        FileSystem files = machine.Call.Files;
        switch (name)
        {
            case "rename" or "replace" or "move":
                string to = OsModule.Path(machine, a.Text(1, "dst"));
                to = name is "move" && files.Find(to) is FolderNode ? FileSystem.Normalize(path.Split('/')[^1], to) : to;
                MayChange(machine, path, a.Text(0));
                MayChange(machine, to, a.Text(1));
                Throw(files.Put(to, node), a.Text(0));
                Throw(files.Remove(path, recursive: true), a.Text(0));
                return name is "move" ? to : null;
            default:
                if (visit.UserId != 0 && node.User != visit.UserId)
                {
                    throw PythonErrors.System(1, a.Text(0));
                }

                Throw(files.Put(path, name switch
                {
                    "chmod" => node with { Mode = (int)a.Whole(1, "mode") & 0xFFF },
                    "chown" => node with { User = (int)a.Whole(1, "uid"), Group = (int)a.Whole(2, "gid") },
                    _ => node with { Modified = a.Get(1) is PythonTuple { Items: [_, var when] } ? DateTimeOffset.FromUnixTimeSeconds(when is BigInteger seconds ? (long)seconds : 0) : visit.Machine.Now },
                }), a.Text(0));
                return null;
        }
    }

    private static void Throw(FileError error, string name)
    {
        if (error is not FileError.None)
        {
            throw PythonErrors.System(error, name);
        }
    }

    private static void MayChange(PythonMachine machine, string path, string given)
    {
        if (machine.Call.Files.Find(path[..Math.Max(1, path.LastIndexOf('/'))]) is { } folder && !Access.MayWrite(folder, machine.State.Visit.UserId))
        {
            throw PythonErrors.System(13, given);
        }
    }

    public static void FillGlob(PythonMachine machine, PythonModule glob)
    {
        foreach (string name in new[] { "glob", "iglob" })
        {
            glob.Add(name, (m, a) => new PythonList(Globs.Expand(PythonEncoding.ToShellText(a.Text(0, "pathname")), m.State).Where(path => m.Call.Files.Find(m.State.Path(path), follow: false) is not null).Select(path => (object?)PythonEncoding.FromShell(path))));
        }
    }

    public static void FillShutil(PythonMachine machine, PythonModule shutil)
    {
        foreach (string name in new[] { "copy", "copyfile", "copy2" })
        {
            shutil.Add(name, (m, a) =>
            {
                string from = OsModule.Path(m, a.Text(0, "src")), to = OsModule.Path(m, a.Text(1, "dst"));
                Node node = m.Call.Files.Find(from) ?? throw PythonErrors.System(2, a.Text(0, "src"));
                FileNode file = node as FileNode ?? throw PythonErrors.System(21, a.Text(0, "src"));
                if (!Access.MayRead(file, m.State.Visit.UserId))
                {
                    throw PythonErrors.System(13, a.Text(0, "src"));
                }

                to = m.Call.Files.Find(to) is FolderNode ? FileSystem.Normalize(from.Split('/')[^1], to) : to;
                MayChange(m, to, a.Text(1, "dst"));
                Throw(m.Call.Files.Put(to, file with { User = m.State.Visit.UserId, Group = m.State.Visit.GroupId, Modified = m.State.Visit.Machine.Now }), a.Text(1, "dst"));
                return a.Text(1, "dst");
            });
        }

        shutil.Add("move", (m, a) => Move(m, "move", a, m.Call.Files.Find(OsModule.Path(m, a.Text(0))) ?? throw PythonErrors.System(2, a.Text(0)), OsModule.Path(m, a.Text(0))));
        shutil.Add("rmtree", (m, a) =>
        {
            string path = OsModule.Path(m, a.Text(0, "path"));
            bool ignores = PythonOperators.IsTrue(a.Get(1, "ignore_errors"));
            if (m.Call.Files.Find(path) is not FolderNode && !ignores)
            {
                throw PythonErrors.System(m.Call.Files.Find(path) is null ? 2 : 20, a.Text(0, "path"));
            }

            MayChange(m, path, a.Text(0, "path"));
            m.Call.Files.Remove(path, recursive: true);
            return null;
        });
        shutil.Add("which", (m, a) => m.Call.Interpreter.FindProgram(PythonEncoding.ToShellText(a.Text(0, "cmd"))) is { } path ? PythonEncoding.FromShell(path) : null);
    }

    public static void FillTempfile(PythonMachine machine, PythonModule tempfile)
    {
        string Name(PythonMachine m) => "/tmp/tmp" + string.Concat(Enumerable.Range(0, 8).Select(n => "abcdefghijklmnopqrstuvwxyz0123456789_"[m.Random.Next(37)]));
        tempfile.Add("gettempdir", (m, a) => "/tmp");
        tempfile.Add("mktemp", (m, a) => Name(m));
        tempfile.Add("mkdtemp", (m, a) =>
        {
            string name = Name(m);
            m.Call.Files.MakeFolder(name, m.State.Visit.UserId, m.State.Visit.GroupId, 0x1C0);
            return name;
        });
        tempfile.Add("mkstemp", (m, a) =>
        {
            string name = Name(m);
            m.Call.Files.Write(name, [], m.State.Visit.UserId, m.State.Visit.GroupId, 0x180);
            return new PythonTuple([(BigInteger)3, name]);
        });
        tempfile.Add("NamedTemporaryFile", (m, a) => PythonFile.Open(m, new CallArguments("open", [Name(m), a.Has(0, "mode") ? a.Text(0, "mode") : "w+b"], CallArguments.None)));
    }
}
