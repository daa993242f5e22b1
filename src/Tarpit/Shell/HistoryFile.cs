using System.Text;
using Blackwall.Tarpit.Files;

namespace Blackwall.Tarpit.Shell;

/// <summary>~/.bash_history: read when a shell begins at a terminal, and added to when it ends, unless its user prevented that.</summary>
internal sealed class HistoryFile(ShellState state)
{
    private const int MostLines = 1000;
    private const int MostBytes = 256 * 1024;

    private string Default => state.Visit.HomeFolder + "/.bash_history";

    public void Load()
    {
        if (state.Find("HISTFILE") is null)
        {
            state.Set("HISTFILE", Default);
        }

        if (state.Find("HISTSIZE") is null)
        {
            state.Set("HISTSIZE", "500");
        }

        if (state.Find("HISTFILESIZE") is null)
        {
            state.Set("HISTFILESIZE", state.Get("HISTSIZE"));
        }

        _ = TryRead(state.Get("HISTFILE"), newOnly: false);
    }

    public void Save()
    {
        string? file = state.Find("HISTFILE");
        if (!string.IsNullOrEmpty(file) && state.Get("HISTSIZE") is not "0" && state.Get("HISTFILESIZE") is not "0" && state.History.Count > state.History.Saved)
        {
            _ = TryWrite(file, appends: true);
        }
    }

    /// <summary>Lines of the file are added to the history.</summary>
    public bool TryRead(string file, bool newOnly)
    {
        string path = state.Path(file.Length == 0 ? Default : file);
        if (state.Files.Find(path) is not FileNode { Content.Size: < MostBytes } || state.Files.Read(path, out byte[] content) != FileError.None)
        {
            return false;
        }

        string[] lines = Encoding.Latin1.GetString(content).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        int known = newOnly ? Math.Min(state.History.Saved, lines.Length) : 0;
        state.History.AddRange(lines.Skip(known).TakeLast(MostLines));
        state.History.Saved = state.History.Count;
        return true;
    }

    /// <summary>Writes what the file does not have yet, or all.</summary>
    public bool TryWrite(string file, bool appends)
    {
        string path = state.Path(file.Length == 0 ? Default : file);
        if (file is "/dev/null" || state.Files.Find(path) is LinkNode or DeviceNode or FolderNode || state.Files.Resolve(path, follow: true, out _) is (_, DeviceNode))
        {
            return false;
        }

        byte[] content = [];
        if (appends)
        {
            state.Files.Read(path, out content);
        }

        byte[] added = Encoding.Latin1.GetBytes(string.Concat(state.History.Skip(appends ? state.History.Saved : 0).Select(line => line + "\n")));
        byte[] whole = content.Length + added.Length <= MostBytes ? [.. content, .. added] : added[..Math.Min(added.Length, MostBytes)];
        state.Files.Write(path, whole, state.Visit.UserId, state.Visit.GroupId, 0x180);
        state.History.Saved = state.History.Count;
        return true;
    }
}
