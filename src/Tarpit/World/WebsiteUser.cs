namespace Blackwall.Tarpit.World;

/// <summary>A user of the website, as the table wp_users of its database has it.</summary>
/// <param name="Id">From 1.</param>
/// <param name="Login">user_login.</param>
/// <param name="Slug">user_nicename: what its author page is called.</param>
/// <param name="Name">display_name.</param>
/// <param name="Email">user_email.</param>
/// <param name="PasswordHash">user_pass, as phpass writes it ("$P$B" and 30 characters).</param>
/// <param name="Registered">user_registered, UTC.</param>
/// <param name="Role">"administrator", "editor" or "author".</param>
internal sealed record WebsiteUser(int Id, string Login, string Slug, string Name, string Email, string PasswordHash, DateTimeOffset Registered, string Role);
