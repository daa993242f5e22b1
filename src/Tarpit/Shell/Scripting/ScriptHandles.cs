using System.Text;
using Blackwall.Tarpit.Files;

namespace Blackwall.Tarpit.Shell.Scripting;

/// <summary>Files that a program has open, by the names of their handles.</summary>
internal sealed class ScriptHandles(ScriptMachine machine)
{
    private const int Most = 32, Largest = 2 << 20;
    private readonly Dictionary<string, (string Path, StringBuilder? Written, Queue<string> Lines)> _all = new(StringComparer.Ordinal);

    /// <summary>open(F, ">file"), open(my $f, "&lt;", "file").</summary>
    public bool Open(string handle, string mode, string? file)
    {
        mode = mode.Trim();
        if (file is null)
        {
            int name = mode.AsSpan().IndexOfAnyExcept("<>+ ");
            (mode, file) = (mode[..Math.Max(0, name)].Trim(), name < 0 ? "" : mode[name..]);
        }

        if (mode.Contains('&', StringComparison.Ordinal) || file.StartsWith('&'))
        {
            return true;
        }

        string path = machine.Call.State.Path(file);
        byte[] content = [];
        FileError error = mode.StartsWith('>') && !mode.StartsWith(">>", StringComparison.Ordinal) ? FileError.None : machine.Call.Read(path, out content);
        error = error is FileError.NotFound && mode.StartsWith(">>", StringComparison.Ordinal) ? FileError.None : error;
        string? fault = error is not FileError.None ? error.Text() : mode.StartsWith('>') ? Connections.Saving.Save(machine.Call, file, content) : _all.Count >= Most ? "Too many open files" : null;
        machine.Variables["$!"] = fault ?? "";
        if (fault is not null)
        {
            return false;
        }

        machine.Reserve(content.Length * 2L);
        string text = Encoding.Latin1.GetString(content);
        _all[handle] = mode.StartsWith('>') ? (path, new StringBuilder(text), new()) : (path, null, new Queue<string>(text.Split('\n').Select((line, n) => line + "\n").SkipLast(text.EndsWith('\n') || text.Length == 0 ? 1 : 0)));
        return true;
    }

    /// <summary>The next line; null: there is none.</summary>
    public string? Read(string handle) => _all.TryGetValue(handle, out (string Path, StringBuilder? Written, Queue<string> Lines) file) && file.Lines.TryDequeue(out string? line) ? line : null;

    /// <summary>All that are left.</summary>
    public ListResult ReadAll(string handle)
    {
        ListResult lines = [];
        while (Read(handle) is { } line)
        {
            lines.Add(line);
        }

        return lines;
    }

    public bool IsOpen(string handle) => _all.ContainsKey(handle);

    public void Write(string handle, string text)
    {
        if (_all.TryGetValue(handle, out (string Path, StringBuilder? Written, Queue<string> Lines) file) && file.Written is { } written && written.Length + text.Length < Largest)
        {
            machine.Reserve(text.Length * 2L);
            written.Append(text);
        }
    }

    public bool Close(string handle)
    {
        if (!_all.Remove(handle, out (string Path, StringBuilder? Written, Queue<string> Lines) file))
        {
            return false;
        }

        if (file.Written is { } written)
        {
            Connections.Saving.Save(machine.Call, file.Path, Encoding.Latin1.GetBytes(written.ToString()));
        }

        return true;
    }

    public void CloseAll() => _all.Keys.ToList().ForEach(handle => Close(handle));
}
