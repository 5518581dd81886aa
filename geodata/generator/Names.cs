namespace GeoSanitation.CountyGenerator;

/// <summary>A name in Chinese and English.</summary>
internal readonly record struct Name(string Chinese, string English);

/// <summary>Names of places, all made up or common.</summary>
internal static class Names
{
    internal static readonly Name County = new("澄岭县", "Chengling County");

    internal static readonly Name River = new("澄水", "Cheng River");

    /// <summary>The three subdistricts and the two towns.</summary>
    internal static readonly Name[] Areas =
    [
        new("城关街道", "Chengguan Subdistrict"), new("南岸街道", "Nan'an Subdistrict"), new("东郊街道", "Dongjiao Subdistrict"),
        new("云门镇", "Yunmen Town"), new("石桥镇", "Shiqiao Town"),
    ];

    /// <summary>Communities of each area, the one in its middle first; those of a town but the first are villages.</summary>
    internal static readonly Name[][] Communities =
    [
        [
            new("鼓楼社区", "Gulou Community"), new("文庙社区", "Wenmiao Community"), new("北门社区", "Beimen Community"), new("西关社区", "Xiguan Community"),
            new("钟秀社区", "Zhongxiu Community"), new("水巷社区", "Shuixiang Community"), new("柳林社区", "Liulin Community"), new("仓后社区", "Canghou Community"), new("凤山社区", "Fengshan Community"),
        ],
        [
            new("滨江社区", "Binjiang Community"), new("新华社区", "Xinhua Community"), new("锦绣社区", "Jinxiu Community"), new("渡口社区", "Dukou Community"),
            new("学府社区", "Xuefu Community"), new("南湖社区", "Nanhu Community"), new("桃源社区", "Taoyuan Community"), new("白塔社区", "Baita Community"),
        ],
        [
            new("东站社区", "Dongzhan Community"), new("工农社区", "Gongnong Community"), new("纺织社区", "Fangzhi Community"), new("金桥社区", "Jinqiao Community"),
            new("石榴园社区", "Shiliuyuan Community"), new("大塘社区", "Datang Community"), new("黄家湾社区", "Huangjiawan Community"), new("东岭社区", "Dongling Community"),
        ],
        [
            new("云门社区", "Yunmen Community"), new("上湾村", "Shangwan Village"), new("竹溪村", "Zhuxi Village"), new("周家坪村", "Zhoujiaping Village"),
            new("青石村", "Qingshi Village"), new("茶园村", "Chayuan Village"), new("双龙村", "Shuanglong Village"), new("枫树村", "Fengshu Village"),
        ],
        [
            new("石桥社区", "Shiqiao Community"), new("梅林村", "Meilin Village"), new("沙河村", "Shahe Village"), new("李家冲村", "Lijiachong Village"),
            new("杨柳村", "Yangliu Village"), new("莲塘村", "Liantang Village"), new("高坡村", "Gaopo Village"), new("龙泉村", "Longquan Village"),
        ],
    ];

    /// <summary>Main streets from north to south, in the order of their columns.</summary>
    internal static readonly Name[] Avenues =
    [
        new("西环路", "Xihuan Road"), new("迎宾大道", "Yingbin Avenue"), new("建设路", "Jianshe Road"), new("文化路", "Wenhua Road"), new("解放路", "Jiefang Road"), new("中山路", "Zhongshan Road"),
        new("和平路", "Heping Road"), new("朝阳路", "Chaoyang Road"), new("车站路", "Chezhan Road"), new("东环路", "Donghuan Road"), new("工业路", "Gongye Road"), new("岭东路", "Lingdong Road"), new("山前路", "Shanqian Road"), new("育才路", "Yucai Road"),
    ];

    /// <summary>Main streets from west to east, in the order of their rows.</summary>
    internal static readonly Name[] Streets =
    [
        new("南环路", "Nanhuan Road"), new("桃源路", "Taoyuan Road"), new("学府路", "Xuefu Road"), new("锦绣路", "Jinxiu Road"), new("新华路", "Xinhua Road"), new("滨江路", "Binjiang Road"),
        new("沿河街", "Yanhe Street"), new("人民路", "Renmin Road"), new("鼓楼街", "Gulou Street"), new("北门街", "Beimen Street"), new("凤山路", "Fengshan Road"), new("北环路", "Beihuan Road"), new("青云路", "Qingyun Road"), new("松林路", "Songlin Road"),
    ];

    internal static readonly Name[] Markets =
    [
        new("鼓楼农贸市场", "Gulou Wet Market"), new("北门菜市场", "Beimen Market"), new("新华农贸市场", "Xinhua Wet Market"), new("滨江菜市场", "Binjiang Market"), new("车站农贸市场", "Station Wet Market"),
        new("纺织菜市场", "Fangzhi Market"), new("学府便民市场", "Xuefu Market"), new("云门集贸市场", "Yunmen Market"), new("石桥集贸市场", "Shiqiao Market"),
    ];

    internal static readonly Name[] OldEstates =
    [
        new("供销社家属院", "Co-op Estate"), new("文庙小区", "Wenmiao Estate"), new("棉纺厂宿舍", "Cotton Mill Dormitories"), new("工农新村", "Gongnong New Village"), new("水巷小区", "Shuixiang Estate"),
        new("粮站家属院", "Grain Depot Estate"), new("建设小区", "Jianshe Estate"), new("和平里", "Hepingli Estate"),
    ];

    internal static readonly Name[] UrbanVillages =
    [
        new("大塘城中村", "Datang Urban Village"), new("渡口城中村", "Dukou Urban Village"), new("西关城中村", "Xiguan Urban Village"), new("黄家湾城中村", "Huangjiawan Urban Village"),
        new("柳林城中村", "Liulin Urban Village"), new("白塔城中村", "Baita Urban Village"),
    ];

    internal static readonly Name[] Parks = [new("鼓楼公园", "Gulou Park"), new("南湖公园", "South Lake Park"), new("凤山公园", "Fengshan Park"), new("东岭公园", "Dongling Park")];
}
