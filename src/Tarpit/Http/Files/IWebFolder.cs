using System.Net;

namespace Blackwall.Tarpit.Http.Files;

/// <summary>The folder of the website on the machine, as a peer left it: what he wrote there in the shell is served to him.</summary>
internal interface IWebFolder
{
    /// <param name="path">Of the request, without its query.</param>
    ValueTask<FolderFile?> FindAsync(IPAddress peer, string path, CancellationToken cancellation);
}
