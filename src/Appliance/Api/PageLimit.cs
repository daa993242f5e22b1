namespace Blackwall.Api;

/// <summary>How many items a page of a feed may have.</summary>
internal static class PageLimit
{
    /// <summary>Most items of any page.</summary>
    public const int Most = 1000;

    /// <summary>Most items of a page for this request.</summary>
    public static int Of(HttpContext context) => context.Items.TryGetValue(nameof(PageLimit), out object? most) && most is int limit ? limit : Most;
}
