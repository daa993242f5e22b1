namespace Blackwall.Tarpit.World;

/// <summary>What stands on the website: texts of a small company, chosen and dated by the installation's seed.</summary>
internal static class WebsiteTexts
{
    private const int PostCount = 7;

    private static readonly (string Slug, string Title, string Category, string Text)[] Known =
    [
        ("new-opening-hours", "New opening hours", "news", "From next month on our office is open from 8 am to 6 pm, Monday to Thursday. On Fridays we close at 4 pm.\n\nFor urgent matters you reach us by telephone as before."),
        ("we-are-hiring", "We are hiring", "company", "Our team is growing. We are looking for someone who enjoys working with customers and keeps calm when the phone does not stop ringing.\n\nSend us a short letter and your CV; we answer everyone."),
        ("looking-back-at-a-busy-year", "Looking back at a busy year", "company", "It has been our busiest year so far. Thank you to all customers and partners who made it possible.\n\nWe renewed most of our equipment and moved to a larger building in the spring."),
        ("meet-the-team", "Meet the team", "company", "Behind every order there is a person. In this series we introduce the people who make sure that things go right.\n\nWe begin with the ones you are most likely to have on the phone."),
        ("maintenance-on-sunday", "Maintenance on Sunday", "news", "On Sunday between 6 am and 9 am our online services may be unavailable while we update our servers.\n\nOrders that were placed before are not affected."),
        ("our-new-website", "Our new website", "news", "Welcome to our new website! It works on phones, it is faster, and you finally find our telephone number on the first page.\n\nTell us what you think of it."),
        ("five-questions-we-hear-most", "Five questions we hear most", "news", "How long does it take? What does it cost? Can I change my mind? We have put together the questions that we hear most often, with honest answers.\n\nIf yours is missing, write to us."),
        ("summer-party", "Summer party", "company", "The weather held and so did the tent. Photos of our summer party will follow as soon as somebody has sorted them.\n\nThank you to everyone who helped with the food."),
        ("price-list-updated", "Price list updated", "news", "We have updated our price list. Most prices stay as they are; materials have become a little more expensive.\n\nThe list is available on request."),
        ("a-word-on-privacy", "A word on privacy", "news", "We keep what we need and nothing else. Our privacy policy now says so in plain words.\n\nIf you want to know what we have stored about you, ask us."),
    ];

    public static IReadOnlyList<WebsitePost> Posts(Website site, string trade)
    {
        Machine machine = site.Machine;
        List<WebsitePost> posts =
        [
            new(1, false, "hello-world", "Hello world!", Paragraphs("Welcome to WordPress. This is your first post. Edit or delete it, then start writing!"), 1, site.Started, site.Started, "uncategorized"),
            new(2, true, "about", "About", Paragraphs($"{site.Title} is a family-run company. {site.Tagline}.\n\nWe have been working for customers in the region for more than twenty years."), 1, site.Started.AddDays(1), site.Started.AddDays(9), null),
            new(3, true, "privacy-policy", "Privacy Policy", Paragraphs($"Our website address is: http://{site.Domain}.\n\nWhen visitors leave comments on the site we collect the data shown in the comments form, and also the visitor’s IP address and browser user agent string to help spam detection."), 1, site.Started, site.Started, null),
            new(9, true, "contact", "Contact", Paragraphs($"Write to office@{site.Domain} or call us during opening hours.\n\nYou find us on the second floor, {trade} department."), 1, site.Started.AddDays(1).AddSeconds(1420), site.Started.AddDays(30), null),
        ];
        List<int> order = [.. Enumerable.Range(0, Known.Length).OrderBy(n => machine.Number("site-order" + n, 0, 1 << 20))];
        TimeSpan step = (machine.BootTime.AddDays(5) - site.Started) / (PostCount + 1);
        DateTimeOffset when = site.Started;
        int id = 14;
        foreach (int n in order.Take(PostCount))
        {
            (string slug, string title, string category, string text) = Known[n];
            when += TimeSpan.FromSeconds(Math.Floor(step.TotalSeconds * machine.Number("site-gap" + slug, 60, 100) / 100));
            posts.Add(new WebsitePost(id, false, slug, title, Paragraphs(text), 1 + machine.Number("site-by" + slug, 0, 2), when, when.AddSeconds(machine.Number("site-mod" + slug, 0, 4000)), category));
            id += machine.Number("site-id" + slug, 2, 9);
        }

        return posts;
    }

    private static string Paragraphs(string text) =>
        string.Concat(text.Split("\n\n").Select((part, index) => $"{(index == 0 ? "" : "\n\n\n\n")}<p>{part}</p>"));
}
