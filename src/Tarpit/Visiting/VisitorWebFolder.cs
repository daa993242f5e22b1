using System.Net;
using Blackwall.Tarpit.Files;
using Blackwall.Tarpit.Http.Files;

namespace Blackwall.Tarpit.Visiting;

/// <summary>/var/www/html as the web server shows it to each visitor.</summary>
internal sealed class VisitorWebFolder(Visitors visitors) : IWebFolder
{
    private const string Root = "/var/www/html";
    private const int LargestFile = 4 << 20;

    public async ValueTask<FolderFile?> FindAsync(IPAddress peer, string path, CancellationToken cancellation)
    {
        string place = FileSystem.Normalize(Root + path, "/");
        if (!place.StartsWith(Root + "/", StringComparison.Ordinal) || path.EndsWith('/') || path.Contains('\0', StringComparison.Ordinal))
        {
            return null;
        }

        Node? original = Walk(visitors.Tree, place);
        Visitor? visitor = await visitors.FindAsync(peer, cancellation);
        Node? node = visitor is null ? original : visitor.Files.Find(place);
        if (node is null)
        {
            return original is FileNode ? new FolderFile([], default, IsChanged: true, 404) : null;
        }

        if (node is not FileNode file || file.Content.Size > LargestFile || file.Content is KernelContent)
        {
            return null;
        }

        bool isChanged = !ReferenceEquals(node, original);
        return new FolderFile(file.Content.Read(), file.Modified, isChanged, isChanged && (file.Mode & 4) == 0 ? 403 : 200);
    }

    private static Node? Walk(FolderNode root, string path)
    {
        Node? node = root;
        foreach (string name in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            node = (node as FolderNode)?.Entries.GetValueOrDefault(name);
        }

        return node;
    }
}
