namespace Blackwall.Tarpit.World;

/// <summary>A post or page of the website, as the table wp_posts of its database has it.</summary>
/// <param name="Id">post's number, from 1.</param>
/// <param name="IsPage">A page; else a post.</param>
/// <param name="Slug">post_name.</param>
/// <param name="Title">post_title, text.</param>
/// <param name="Content">post_content, HTML: paragraphs.</param>
/// <param name="Author">Id of its author.</param>
/// <param name="Published">post_date, UTC.</param>
/// <param name="Modified">post_modified, UTC.</param>
/// <param name="Category">Slug of its category; of a page null.</param>
internal sealed record WebsitePost(int Id, bool IsPage, string Slug, string Title, string Content, int Author, DateTimeOffset Published, DateTimeOffset Modified, string? Category);
