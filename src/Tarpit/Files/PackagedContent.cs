namespace Blackwall.Tarpit.Files;

/// <summary>The content of a file that came with a package: made when it is read, as long as the list of files says.</summary>
internal sealed class PackagedContent(string folder, string name, int size, FileSource make) : IFileContent
{
    public string Folder => folder;

    public string Name => name;

    public long Size => size;

    public byte[] Read() => make(folder, name, size);
}
