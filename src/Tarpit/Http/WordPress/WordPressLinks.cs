using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Blackwall.Tarpit.World;

namespace Blackwall.Tarpit.Http.WordPress;

/// <summary>Addresses within the website, and what depends on its address: it is the one that the peer asked for.</summary>
/// <param name="Home">"http://host", without a slash at the end.</param>
internal sealed record WordPressLinks(Website Site, string Home)
{
    /// <summary>What the names of WordPress's cookies end with.</summary>
    public string CookieHash => Convert.ToHexStringLower(MD5.HashData(Encoding.UTF8.GetBytes(Home)));

    public string Post(WebsitePost post) => $"{Home}/{post.Slug}/";

    public string Short(WebsitePost post) => string.Create(CultureInfo.InvariantCulture, $"{Home}/?{(post.IsPage ? "page_id" : "p")}={post.Id}");

    public string Rest(WebsitePost post) => string.Create(CultureInfo.InvariantCulture, $"{Home}/wp-json/wp/v2/{(post.IsPage ? "pages" : "posts")}/{post.Id}");

    public string Author(WebsiteUser user) => $"{Home}/author/{user.Slug}/";

    public string Category(string slug) => $"{Home}/category/{slug}/";

    /// <summary>A file of the core, with the version that its links carry.</summary>
    public string Core(string path) => $"{Home}{path}?ver={Site.Version}";
}
