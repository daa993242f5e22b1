using System.Globalization;
using Blackwall.Tarpit.World;

namespace Blackwall.Tarpit.MySql.Seed;

/// <summary>Rows of a small shop: customers that never were, orders that nobody placed. Mail addresses are in domains reserved for examples.</summary>
internal static class ShopSeed
{
    private const int Customers = 240;
    private const int Orders = 410;

    private static readonly string[] s_first = ["Anna", "Ben", "Clara", "David", "Elena", "Felix", "Greta", "Henrik", "Ines", "Jakob", "Karin", "Lukas", "Maria", "Nils", "Olga", "Pavel", "Rosa", "Simon", "Tessa", "Viktor"];
    private static readonly string[] s_last = ["Albers", "Bakker", "Costa", "Dahl", "Egger", "Fischer", "Grant", "Holm", "Ivanov", "Jensen", "Keller", "Larsen", "Meyer", "Novak", "Olsen", "Peters", "Quist", "Rossi", "Schmidt", "Turner"];
    private static readonly (string City, string Country)[] s_cities = [("Hamburg", "DE"), ("Utrecht", "NL"), ("Lyon", "FR"), ("Porto", "PT"), ("Aarhus", "DK"), ("Leeds", "GB"), ("Graz", "AT"), ("Turin", "IT"), ("Gdansk", "PL"), ("Malmo", "SE")];
    private static readonly string[] s_mail = ["example.com", "example.net", "example.org"];
    private static readonly (string Sku, string Name, decimal Price)[] s_products =
    [
        ("BX-100", "Storage box, 10 l", 9.90m), ("BX-200", "Storage box, 20 l", 13.90m), ("BX-450", "Storage box with lid, 45 l", 24.50m), ("LB-012", "Label printer", 79.00m), ("LB-013", "Label roll, 12 mm", 6.95m),
        ("SC-001", "Packing scale, 30 kg", 54.00m), ("TP-050", "Packing tape, 50 m", 3.40m), ("TP-066", "Packing tape, 66 m, brown", 3.95m), ("KN-002", "Safety knife", 11.20m), ("CR-400", "Carton 40x30x20, 20 pieces", 29.80m),
        ("CR-600", "Carton 60x40x40, 10 pieces", 34.90m), ("PF-100", "Stretch film, 300 m", 17.75m),
    ];

    /// <param name="insert">Database, table and rows.</param>
    public static void Fill(Machine machine, Website site, Action<string, string, IEnumerable<object?[]>> insert)
    {
        DateTimeOffset start = site.Started.AddDays(3), end = machine.BootTime;
        string When(string name) => Stamp(start.AddSeconds((end - start).TotalSeconds * machine.Number(name, 0, 100_000) / 100_000));
        object?[][] customers =
        [
            .. Enumerable.Range(1, Customers).Select(n =>
            {
                string first = machine.Pick($"shop-first{n}", s_first), last = machine.Pick($"shop-last{n}", s_last);
                (string city, string country) = machine.Pick($"shop-city{n}", s_cities);
                string mail = string.Create(CultureInfo.InvariantCulture, $"{first}.{last}{n}@{machine.Pick($"shop-mail{n}", s_mail)}").ToLowerInvariant();
                return new object?[] { (long)n, mail, Bcrypt(machine, $"shop-pass{n}"), first, last, string.Create(CultureInfo.InvariantCulture, $"+00 555 {machine.Number($"shop-phone{n}", 100_000, 999_999)}"), city, country, When($"shop-when{n}") };
            }).OrderBy(row => (string?)row[8], StringComparer.Ordinal).Select((row, i) => (object?[])[(long)(i + 1), .. row[1..]]),
        ];
        insert("shop", "customers", customers);
        insert("shop", "products", s_products.Select((product, i) => new object?[] { (long)(i + 1), product.Sku, product.Name, product.Price, (long)machine.Number("shop-stock" + product.Sku, 0, 400), 1L }));
        string[] times = [.. Enumerable.Range(1, Orders).Select(n => When($"shop-order{n}")).Order(StringComparer.Ordinal)];
        List<object?[]> orders = [], items = [], payments = [];
        for (int n = 1; n <= Orders; n++)
        {
            decimal total = 0;
            for (int i = machine.Number($"shop-items{n}", 1, 4); i > 0; i--)
            {
                int product = machine.Number($"shop-item{n}-{i}", 0, s_products.Length), quantity = machine.Number($"shop-count{n}-{i}", 1, 5);
                total += s_products[product].Price * quantity;
                items.Add([(long)(items.Count + 1), (long)n, (long)(product + 1), (long)quantity, s_products[product].Price]);
            }

            bool isPaid = machine.Number($"shop-paid{n}", 0, 12) > 0;
            orders.Add([(long)n, (long)machine.Number($"shop-customer{n}", 1, Customers + 1), isPaid ? n > Orders - 12 ? "processing" : "shipped" : "cancelled", total, times[n - 1]]);
            if (isPaid)
            {
                payments.Add([(long)(payments.Count + 1), (long)n, "card", machine.Pick($"shop-brand{n}", ["visa", "mastercard"]), machine.Number($"shop-card{n}", 1000, 9999).ToString(CultureInfo.InvariantCulture), "tok_" + Convert.ToHexStringLower(machine.Bytes($"shop-token{n}", 12)), total, times[n - 1]]);
            }
        }

        insert("shop", "orders", orders);
        insert("shop", "order_items", items);
        insert("shop", "payments", payments);
        insert("shop", "admin_users",
        [
            [1L, site.Credentials.Administrator.User, Bcrypt(machine, "shop-admin"), site.Users[0].Email, "owner", Stamp(machine.BootTime.AddDays(2))],
            [2L, site.Users[1].Login, Bcrypt(machine, "shop-writer"), site.Users[1].Email, "staff", null],
        ]);
        insert("shop", "api_keys", [[1L, "warehouse", site.Credentials.ApiToken, "write", Stamp(start.AddDays(4))]]);
    }

    private static string Stamp(DateTimeOffset time) => time.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    private static string Bcrypt(Machine machine, string name)
    {
        const string alphabet = "./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
        return "$2y$10$" + string.Concat(machine.Bytes(name, 53).Select(value => alphabet[value % alphabet.Length]));
    }
}
