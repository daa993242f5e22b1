using System.Globalization;
using System.Text;
using Blackwall.Tarpit.Files;
using Blackwall.Tarpit.Recording;
using Blackwall.Tarpit.Shell.Commands;

namespace Blackwall.Tarpit.Shell.Screen;

/// <summary>Writes what was edited, and keeps it as something that the visitor brought.</summary>
internal static class EditedFile
{
    /// <returns>What the editor says, and whether it is written.</returns>
    public static (string Message, bool IsWritten) Save(Invocation i, string name, string text, string editor)
    {
        string path = i.State.Path(name);
        Node? governing = i.Files.Find(path) ?? i.Files.Find(path[..Math.Max(1, path.LastIndexOf('/'))]);
        if (governing is null || !Access.MayWrite(governing, i.State.Visit.UserId))
        {
            return ($"\"{name}\" E212: Can't open file for writing", false);
        }

        byte[] content = Encoding.Latin1.GetBytes(text);
        FileError error = i.Files.Write(path, content, i.State.Visit.UserId, i.State.Visit.GroupId);
        if (error != FileError.None)
        {
            return ($"\"{name}\" E514: write error ({error.Text()})", false);
        }

        i.State.Log.Record(new Observation(ObservationKinds.Upload) { Name = path, Sha256 = i.State.Log.SaveFile(path, content), Size = content.Length, Method = editor });
        return (string.Create(CultureInfo.InvariantCulture, $"\"{name}\" {text.Count(c => c == '\n')}L, {content.Length}B written"), true);
    }
}
