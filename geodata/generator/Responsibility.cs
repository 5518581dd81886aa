using System.Text;

namespace GeoSanitation.CountyGenerator;

/// <summary>Who answers for what where: the office of the subdistrict or town, and its teams for some kinds of problems.</summary>
internal static class Responsibility
{
    internal static void Write(string path)
    {
        var rows = new StringBuilder("ward_code,category_code,body,valid_from,valid_to\n");
        for (var area = 0; area < Names.Areas.Length; area++)
        {
            var (code, name) = (Wards.AreaCode(area), Names.Areas[area].Chinese);
            var office = name.EndsWith('镇') ? $"{name}人民政府" : $"{name}办事处";
            Row(code, "", office, "", "");
            Row(code, "street_order", $"{name}综合行政执法中队", "", "");
            Row(code, "market", $"{name}市场监管所", "", "");
            if (name == "南岸街道")
            {
                // Street cleaning of one subdistrict went to a contractor in the second year.
                Row(code, "sanitation", $"{name}环卫站", "", "2026-01-01");
                Row(code, "sanitation", "澄岭县洁城环境服务公司", "2026-01-01", "");
            }
            else
            {
                Row(code, "sanitation", $"{name}环卫站", "", "");
            }
        }
        File.WriteAllText(path, rows.ToString(), new UTF8Encoding(false));

        void Row(params string[] values) => rows.AppendJoin(',', values).Append('\n');
    }
}
