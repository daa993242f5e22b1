using Blackwall.Tarpit.Files;
using Blackwall.Tarpit.Shell.Commands;

namespace Blackwall.Tarpit.Shell.Connections;

/// <summary>Files that programs write which fetch something.</summary>
internal static class Saving
{
    /// <summary>Writes a file as the visitor's user; null: it is done, else why not.</summary>
    public static string? Save(Invocation i, string name, byte[] content)
    {
        string path = i.State.Path(name);
        if (path is "/dev/null")
        {
            return null;
        }

        Node? governing = i.Files.Find(path) ?? i.Files.Find(path[..Math.Max(1, path.LastIndexOf('/'))]);
        if (governing is not null && !Access.MayWrite(governing, i.State.Visit.UserId))
        {
            return FileError.NotPermitted.Text();
        }

        FileError error = i.Files.Write(path, content, i.State.Visit.UserId, i.State.Visit.GroupId, 0x1B6 & ~i.State.FileMask);
        return error is FileError.None ? null : error.Text();
    }
}
