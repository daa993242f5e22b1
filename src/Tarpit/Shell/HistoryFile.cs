using System.Text;
using Blackwall.Tarpit.Files;

namespace Blackwall.Tarpit.Shell;

/// <summary>~/.bash_history: read when a shell begins at a terminal, and added to when it ends, unless its user prevented that.</summary>
internal sealed class HistoryFile(Visit visit, ShellState state)
{
    private const int MostLines = 1000;
    private const int MostBytes = 256 * 1024;

    private int _before;

    private string Path => visit.HomeFolder + "/.bash_history";

    public void Load()
    {
        if (state.History.Count == 0 && visit.Files.Find(Path) is FileNode { Content.Size: < MostBytes } && visit.Files.Read(Path, out byte[] content) == FileError.None)
        {
            state.History.AddRange(Encoding.Latin1.GetString(content).Split('\n', StringSplitOptions.RemoveEmptyEntries).TakeLast(MostLines / 2));
        }

        state.Set("HISTFILE", Path);
        state.Set("HISTSIZE", "1000");
        state.Set("HISTFILESIZE", "2000");
        _before = state.History.Count;
    }

    public void Save()
    {
        string? file = state.Find("HISTFILE");
        if (string.IsNullOrEmpty(file) || state.Get("HISTSIZE") is "0" || state.Get("HISTFILESIZE") is "0" || file is "/dev/null" || state.History.Count <= _before)
        {
            return;
        }

        string path = state.Path(file);
        if (visit.Files.Find(path) is LinkNode or DeviceNode || visit.Files.Resolve(path, follow: true, out _) is (_, DeviceNode))
        {
            return;
        }

        visit.Files.Read(path, out byte[] content);
        byte[] added = Encoding.Latin1.GetBytes(string.Concat(state.History.Skip(_before).Select(line => line + "\n")));
        byte[] whole = content.Length + added.Length <= MostBytes ? [.. content, .. added] : added[..Math.Min(added.Length, MostBytes)];
        visit.Files.Write(path, whole, visit.UserId, visit.GroupId, 0x180);
        _before = state.History.Count;
    }
}
